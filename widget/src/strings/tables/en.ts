import type { Table } from "../table";

export const en: Table = {
  name: "Kontakt Linköping",
  openChat: "Open the chat",
  unread: { one: "{count} new message", other: "{count} new messages" },
  closePanel: "Close the chat window",
  language: "Language",
  withAssistant: "You are chatting with an AI assistant",
  withGuide: "You are chatting with {name}",
  inQueue: "You are waiting for a service guide",
  ended: "The chat has ended",

  more: "More",
  textSize: "Text size",
  textSizes: ["Normal", "Large", "Largest"],
  download: "Save the conversation",
  print: "Print the conversation",

  privacyHeading: "Before you write",
  privacy: [
    "An AI assistant answers first. It can be wrong.",
    "What you write is stored so that we can help you and improve. A service guide may read the chat.",
    "Personal identity numbers are removed before anything is stored. Still, do not write what you do not want to share.",
  ],
  greeting: "Hello! How can I help you?",
  newcomers: "Questions for people new in Sweden",
  newcomersHint: "Choose a question to get the answer. You do not need to write anything.",
  notKept: "Your browser keeps nothing for this page. If you reload it, the chat starts over.",
  tableMissing:
    "The texts in {language} could not be fetched, so they are in English. You can still write in your own language.",

  transcript: "Conversation",
  you: "You",
  byAi: "Written by AI",
  byAiApproved: "Written by AI, reviewed by a service guide",
  system: "Automatic message",
  guide: "Service guide",
  guideNamed: "{name}, service guide",
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
  typingGuide: "{name} is writing …",
  connecting: "Connecting …",
  offline:
    "No connection. We are trying again, and what you write will be sent when the connection is back.",

  queuePlace: "You are number {number} in the queue.",
  waitMinutes: {
    one: "The wait is about {count} minute.",
    other: "The wait is about {count} minutes.",
  },
  waitRange: {
    one: "The wait is about {low}–{count} minute.",
    other: "The wait is about {low}–{count} minutes.",
  },
  waitUnderMinute: "The wait is under a minute.",
  noGuides:
    "No service guide is on duty right now. You can write your question here, and it will be read when we are back. We cannot say how long that will take.",
  closed: "We open {day} at {time}. Write your question here, and we will answer it then.",

  askHuman: "Talk to a person",
  message: "Write a message",
  messageHint: "Enter sends, Shift + Enter makes a new line.",
  send: "Send",
  charactersLeft: { one: "{count} character left", other: "{count} characters left" },
  tooLong: {
    one: "The text is {count} character too long. At most {max} can be sent at a time. Nothing has been removed: shorten the text or split it.",
    other:
      "The text is {count} characters too long. At most {max} can be sent at a time. Nothing has been removed: shorten the text or split it.",
  },
  personnummer:
    "That looks like a personal identity number. It is removed before anything is stored. You do not need to write it here.",
  noFiles: "Pictures and files cannot be sent in the chat. Please describe in words.",

  end: "End chat",
  endQuestion: "Do you want to end the chat?",
  endYes: "Yes, end it",
  endNo: "No, keep chatting",

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
    crisis: "You go to the front of the queue for a service guide.",
    policy: "This question is answered by a service guide.",
    engine_failure: "The assistant cannot answer right now. A service guide takes over.",
  },
  claimed: "{name} has taken over the chat.",
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
    sign_in_required: "You need to sign in again to chat as an employee.",
    text_empty: "Write something first.",
    token_invalid: "The chat could not be resumed. Start a new chat.",
    too_many_requests: "Many people are writing right now. We will try again shortly.",
  },
  error: "Something went wrong on our side. Try again.",
};
