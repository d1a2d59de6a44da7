/** Made from docs/protocol.schema.json by `npm run types`; not edited by hand. */

export type KontaktWireProtocolVersion1 =
  | Accepted
  | AddNote
  | AnswerRef
  | Approve
  | AskHuman
  | Audience
  | Choice
  | Choose
  | CitizenClose
  | CitizenFrame
  | Claim
  | Claimed
  | Closed
  | ConversationOpened
  | ConversationSummary
  | Draft
  | DraftDecided
  | Edit
  | ErrorFrame
  | Escalated
  | Event
  | EventFrame
  | EventsPage
  | GuideClose
  | GuideFrame
  | GuideHello
  | GuideServerFrame
  | GuideWelcome
  | HandBack
  | HandedBack
  | Hello
  | Link
  | Message
  | Note
  | OpenConversation
  | Opened
  | QueuePlace
  | Ranked
  | Rate
  | Rated
  | Reason
  | Redacted
  | Reject
  | Release
  | Released
  | Reply
  | Say
  | ServerFrame
  | SetPresence
  | SignIn
  | SignedIn
  | State
  | SummaryFrame
  | TakeOver
  | Transfer
  | Transferred
  | Typing
  | TypingNow
  | Understanding
  | Unwatch
  | Watch
  | Welcome;
/**
 * Who asks: anyone, or a signed-in employee.
 */
export type Audience = "citizen" | "staff";
export type CitizenFrame = Say | Choose | AskHuman | Rate | CitizenClose | Typing;
/**
 * Who owns the conversation now; mirrored by a CHECK constraint.
 */
export type State = "bot" | "waiting" | "guide" | "closed";
/**
 * Why a conversation was put in the queue.
 */
export type Reason =
  | "asked_for_human"
  | "low_confidence"
  | "not_resolved"
  | "rejected_draft"
  | "draft_timeout"
  | "crisis"
  | "policy"
  | "engine_failure";
export type Event =
  | Opened
  | Message
  | Draft
  | DraftDecided
  | Escalated
  | Claimed
  | Released
  | Transferred
  | HandedBack
  | Note
  | Rated
  | Closed
  | Redacted;
export type GuideFrame =
  | Claim
  | TakeOver
  | Reply
  | Approve
  | Edit
  | Reject
  | HandBack
  | Release
  | Transfer
  | AddNote
  | GuideClose
  | SetPresence
  | Watch
  | Unwatch
  | Typing;
export type GuideServerFrame =
  GuideWelcome | Accepted | EventFrame | TypingNow | SummaryFrame | ErrorFrame;
/**
 * Who asks: anyone, or a signed-in employee.
 */
export type Audience1 = "citizen" | "staff";
export type ServerFrame = Welcome | Accepted | EventFrame | TypingNow | QueuePlace | ErrorFrame;

/**
 * The command is committed; `seq` is its first event, or where the record stood if it made none.
 */
export interface Accepted {
  type: "accepted";
  id: string;
  seq?: number | null;
  conversation_id?: string | null;
}
/**
 * Write an internal note.
 */
export interface AddNote {
  id: string;
  conversation_id: string;
  type: "note";
  text: string;
}
/**
 * Which catalogue answer a message holds.
 */
export interface AnswerRef {
  service: string;
  faq: string;
  language: string;
  approved_by_human?: boolean;
}
/**
 * Let a draft through.
 */
export interface Approve {
  id: string;
  conversation_id: string;
  type: "approve";
  draft_id: string;
}
/**
 * The citizen wants a person.
 */
export interface AskHuman {
  type: "ask_human";
  id: string;
}
/**
 * A quick reply: what the person reads, and what is sent back when it is chosen.
 */
export interface Choice {
  title: string;
  payload: string;
}
/**
 * A quick reply that was offered.
 */
export interface Choose {
  type: "choose";
  id: string;
  payload: string;
}
/**
 * The citizen ends the conversation.
 */
export interface CitizenClose {
  type: "close";
  id: string;
}
/**
 * Something the citizen says; at most 4 000 characters, checked with an error of its own.
 */
export interface Say {
  type: "say";
  id: string;
  text: string;
}
/**
 * Score 1 to 5, whether the question was answered, and a comment.
 */
export interface Rate {
  type: "rate";
  id: string;
  score: number;
  resolved?: boolean | null;
  comment?: string | null;
}
/**
 * The sender is writing; not stored. A guide names the conversation.
 */
export interface Typing {
  type: "typing";
  conversation_id?: string | null;
}
/**
 * Take a conversation from the queue.
 */
export interface Claim {
  id: string;
  conversation_id: string;
  type: "claim";
}
/**
 * A guide took the conversation, from the queue or straight from the bot.
 */
export interface Claimed {
  kind: "claimed";
  guide_id: string;
  guide_name: string;
  via?: "claim" | "take_over";
}
/**
 * The conversation ended.
 */
export interface Closed {
  kind: "closed";
  by: "citizen" | "guide" | "system";
  guide_id?: string | null;
  outcome?: ("solved" | "referred" | "case_created" | "no_contact") | null;
}
/**
 * Answer of `POST /api/v1/conversations`; the token is shown once and never stored in clear.
 */
export interface ConversationOpened {
  conversation_id: string;
  token: string;
}
/**
 * One line of the guides' list.
 */
export interface ConversationSummary {
  conversation_id: string;
  state: State;
  seq: number;
  owner_id?: string | null;
  owner_name?: string | null;
  language: string;
  audience: Audience;
  service?: string | null;
  reason?: string | null;
  intent?: string | null;
  confidence?: number | null;
  priority?: number;
  opened_at?: string | null;
  waiting_since?: string | null;
  last_at?: string | null;
  wanted_guide?: string | null;
  wanted_service?: string | null;
  draft_id?: string | null;
  draft_deadline?: string | null;
}
/**
 * An answer of the bot that waits for a guide's approval (or is only kept, when `shadow`).
 */
export interface Draft {
  kind: "draft";
  id: string;
  text: string;
  shadow?: boolean;
  choices?: Choice[];
  links?: Link[];
  answer?: AnswerRef | null;
  also?: AnswerRef[];
  reply_to: number;
  deadline?: string | null;
  understanding?: Understanding | null;
}
/**
 * A link shown under a message; `url` is https, mailto or tel.
 */
export interface Link {
  title: string;
  url: string;
}
/**
 * What the engine understood of a turn; shown to guides, never to citizens.
 */
export interface Understanding {
  intent: string | null;
  confidence: number;
  ranking?: Ranked[];
  decision: string;
  language?: string | null;
  model_id?: string | null;
  engine_ms?: number | null;
}
/**
 * One intent with its calibrated confidence, 0 to 1.
 */
export interface Ranked {
  intent: string;
  confidence: number;
}
/**
 * What became of a draft.
 */
export interface DraftDecided {
  kind: "draft_decided";
  draft_id: string;
  decision: "approved" | "edited" | "rejected" | "timed_out" | "superseded";
  guide_id?: string | null;
  label?: ("wrong_answer" | "outdated" | "tone" | "should_have_been_a_person") | null;
}
/**
 * Let a draft through with another text.
 */
export interface Edit {
  id: string;
  conversation_id: string;
  type: "edit";
  draft_id: string;
  text: string;
}
/**
 * A refusal: nothing was changed.
 */
export interface ErrorFrame {
  type: "error";
  id?: string | null;
  code: string;
  message: string;
}
/**
 * The conversation went from the bot to the queue.
 */
export interface Escalated {
  kind: "escalated";
  reason: Reason;
  understanding?: Understanding | null;
}
/**
 * A citizen or an employee opened the conversation.
 */
export interface Opened {
  kind: "opened";
  language: string;
  audience: Audience;
  service?: string | null;
}
/**
 * Something said, already redacted.
 */
export interface Message {
  kind: "message";
  id: string;
  from: "citizen" | "bot" | "guide" | "system";
  text: string;
  choice?: string | null;
  choices?: Choice[];
  links?: Link[];
  answer?: AnswerRef | null;
  also?: AnswerRef[];
  author?: string | null;
  reply_to?: number | null;
  understanding?: Understanding | null;
}
/**
 * The guide let go; the conversation is first in the queue again.
 */
export interface Released {
  kind: "released";
  guide_id: string;
  reason: "released" | "lost_connection";
}
/**
 * The guide passed the conversation to a colleague or to a service area; it waits for them.
 */
export interface Transferred {
  kind: "transferred";
  guide_id: string;
  to_guide?: string | null;
  to_service?: string | null;
}
/**
 * The guide gave the conversation back to the bot.
 */
export interface HandedBack {
  kind: "handed_back";
  guide_id: string;
  note?: string | null;
}
/**
 * An internal note; citizens see a `hidden` event in its place.
 */
export interface Note {
  kind: "note";
  guide_id: string;
  guide_name: string;
  text: string;
}
/**
 * The citizen's verdict: a score of 1 to 5 and whether the question was answered.
 */
export interface Rated {
  kind: "rated";
  score: number;
  resolved?: boolean | null;
  comment?: string | null;
}
/**
 * The text of an earlier event was taken out of the record after the fact.
 */
export interface Redacted {
  kind: "redacted";
  target_seq: number;
  guide_id?: string | null;
}
/**
 * One event of the record. Citizens get `{"kind": "hidden"}` for what is internal.
 */
export interface EventFrame {
  type: "event";
  conversation_id?: string | null;
  seq: number;
  at: string;
  event: {
    [k: string]: unknown;
  };
}
/**
 * Answer of `GET /api/v1/conversations/{id}/events`; `seq` is the last event of the page: what to ask `after`.
 */
export interface EventsPage {
  seq: number;
  state: State;
  events: EventFrame[];
  queue?: QueuePlace | null;
}
/**
 * The citizen's place in the queue; `wait_seconds` is null where there is nothing to judge by.
 */
export interface QueuePlace {
  type: "queue";
  position: number;
  wait_seconds?: [number, number] | null;
  guides_on_duty: number;
}
/**
 * End the conversation.
 */
export interface GuideClose {
  id: string;
  conversation_id: string;
  type: "close";
  outcome?: "solved" | "referred" | "case_created" | "no_contact";
}
/**
 * Take a conversation from the bot.
 */
export interface TakeOver {
  id: string;
  conversation_id: string;
  type: "take_over";
}
/**
 * Answer the citizen.
 */
export interface Reply {
  id: string;
  conversation_id: string;
  type: "reply";
  text: string;
}
/**
 * Stop a draft; the conversation goes to the queue.
 */
export interface Reject {
  id: string;
  conversation_id: string;
  type: "reject";
  draft_id: string;
  label: "wrong_answer" | "outdated" | "tone" | "should_have_been_a_person";
}
/**
 * Give the conversation back to the bot.
 */
export interface HandBack {
  id: string;
  conversation_id: string;
  type: "hand_back";
  note?: string | null;
}
/**
 * Put the conversation back, first in the queue.
 */
export interface Release {
  id: string;
  conversation_id: string;
  type: "release";
}
/**
 * Pass the conversation to a colleague or a service.
 */
export interface Transfer {
  id: string;
  conversation_id: string;
  type: "transfer";
  to_guide?: string | null;
  to_service?: string | null;
}
/**
 * Whether the guide takes conversations now.
 */
export interface SetPresence {
  type: "set_presence";
  id: string;
  presence: "available" | "busy" | "away";
}
/**
 * Show a conversation without taking it: its events follow, from `after` on.
 */
export interface Watch {
  type: "watch";
  conversation_id: string;
  after?: number;
}
/**
 * Stop showing a conversation that is not one's own.
 */
export interface Unwatch {
  type: "unwatch";
  conversation_id: string;
}
/**
 * First frame of a guide's socket; `after` holds the last seq seen of each own conversation.
 */
export interface GuideHello {
  type: "hello";
  after?: {
    [k: string]: number;
  };
}
/**
 * The guide's socket is open: the queue, the drafts that wait and the guide's own conversations.
 */
export interface GuideWelcome {
  type: "welcome";
  guide: SignedIn;
  presence: string;
  conversations: ConversationSummary[];
  server_time: string;
}
/**
 * Who is signed in.
 */
export interface SignedIn {
  id: string;
  name: string;
  role: "guide" | "staff";
}
/**
 * Somebody is writing.
 */
export interface TypingNow {
  type: "typing";
  from: "citizen" | "bot" | "guide";
  conversation_id?: string | null;
}
/**
 * A conversation on the guides' list is new or changed; a closed one leaves the list.
 */
export interface SummaryFrame {
  type: "conversation";
  conversation: ConversationSummary;
}
/**
 * First frame of a citizen's socket.
 */
export interface Hello {
  type: "hello";
  conversation_id: string;
  token: string;
  after?: number;
}
/**
 * Body of `POST /api/v1/conversations`.
 */
export interface OpenConversation {
  language?: string;
  service?: string | null;
  audience?: Audience1;
}
/**
 * The citizen's socket is open; the missed events follow. `seq` is where the record stands.
 */
export interface Welcome {
  type: "welcome";
  seq: number;
  state: State;
}
/**
 * Body of `POST /api/v1/session`.
 */
export interface SignIn {
  username: string;
  password: string;
}
