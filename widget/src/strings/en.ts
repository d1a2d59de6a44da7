import type { Strings } from "./index";

export const en: Strings = {
  languageName: "English",
  name: "Kontakt Linköping",
  openChat: "Open the chat",
  unread: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  closePanel: "Close the chat window",
  language: "Language",
  withAssistant: "You are chatting with an AI assistant",
  withGuide: (name) => `You are chatting with ${name}`,
  inQueue: "You are waiting for a service guide",
  ended: "The chat has ended",

  privacyHeading: "Before you write",
  privacy: [
    "An AI assistant answers first. It can be wrong.",
    "What you write is stored so that we can help you and improve. A service guide may read the chat.",
    "Personal identity numbers are removed before anything is stored. Still, do not write what you do not want to share.",
  ],
  greeting: "Hello! How can I help you?",

  transcript: "Conversation",
  you: "You",
  assistant: "AI assistant",
  byAi: "Written by AI",
  byAiApproved: "Written by AI, reviewed by a service guide",
  system: "Automatic message",
  guide: "Service guide",
  redacted: "The text has been removed.",
  suggestions: "Suggested replies",
  links: "Links",

  sending: "Sending …",
  retrying: "Not sent yet, trying again …",
  delivered: "Delivered",
  failed: "Not sent",
  retry: "Try again",

  checking: "A service guide is reading the answer before you get it.",
  typingBot: "The AI assistant is writing …",
  typingGuide: (name) => `${name} is writing …`,
  connecting: "Connecting …",
  offline:
    "No connection. We are trying again, and what you write is sent when the connection is back.",

  queuePlace: (position) => `You are number ${position} in the queue.`,
  waitMinutes: (low, high) =>
    low === high
      ? `The wait is about ${high} ${high === 1 ? "minute" : "minutes"}.`
      : `The wait is about ${low}–${high} minutes.`,
  waitUnderMinute: "The wait is under a minute.",
  noGuides:
    "No service guide is on duty right now. You can write your question here, and it is read when we are back. We cannot say how long that takes.",

  askHuman: "Talk to a person",
  message: "Write a message",
  messageHint: "Enter sends, Shift + Enter makes a new line.",
  send: "Send",
  charactersLeft: (count) => (count === 1 ? "1 character left" : `${count} characters left`),
  tooLong: (count) => (count === 1 ? "1 character too long" : `${count} characters too long`),

  end: "End chat",
  endQuestion: "Do you want to end the chat?",
  endYes: "Yes, end it",
  endNo: "No, go on chatting",

  rateHeading: "What did you think of the chat?",
  score: "Score",
  scoreNames: [
    "1, very dissatisfied",
    "2, dissatisfied",
    "3, neither",
    "4, satisfied",
    "5, very satisfied",
  ],
  scoreLow: "1 = very dissatisfied",
  scoreHigh: "5 = very satisfied",
  resolved: "Did you get an answer to your question?",
  yes: "Yes",
  no: "No",
  comment: "Comment (optional)",
  sendRating: "Send the rating",
  scoreMissing: "Choose a score from 1 to 5.",
  thanks: "Thank you! Your answer helps us improve.",
  newChat: "Start a new chat",

  escalated: {
    asked_for_human: "You have asked to talk to a person. You are now in the queue.",
    low_confidence: "The assistant is not sure of the answer. A service guide takes over.",
    not_resolved: "The assistant could not get further. A service guide takes over.",
    rejected_draft: "A service guide has read your question and takes over.",
    draft_timeout: "The answer took too long. A service guide takes over.",
    crisis: "You are first in the queue for a service guide.",
    policy: "This question is answered by a service guide.",
    engine_failure: "The assistant cannot answer right now. A service guide takes over.",
  },
  claimed: (name) => `${name} has taken over the chat.`,
  released: "You are back in the queue, first in line.",
  lostConnection:
    "The service guide lost the connection. You are back in the queue, first in line.",
  transferred: "You are being passed on to somebody who can help you better.",
  handedBack: "The AI assistant answers again.",
  closedByCitizen: "You ended the chat.",
  closedByGuide: "The service guide ended the chat.",
  closedBySystem: "The chat ended because it was not in use.",

  errors: {
    already_waiting: "You are already in the queue.",
    choice_unknown: "That choice is no longer there. Write your question instead.",
    conversation_closed: "The chat has ended. Start a new chat.",
    conversation_unknown: "The chat no longer exists. Start a new chat.",
    database_unavailable: "The message could not be stored. We will try again shortly.",
    rating_invalid: "Choose a score from 1 to 5.",
    sign_in_required: "You need to sign in again to chat as an employee.",
    text_empty: "Write something first.",
    text_too_long: "The text is too long, at most 4,000 characters.",
    token_invalid: "The chat could not be resumed. Start a new chat.",
    too_many_requests: "Many people are writing right now. We will try again shortly.",
  },
  error: "Something went wrong on our side. Try again.",
};
