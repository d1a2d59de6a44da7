/** Made from docs/protocol.schema.json by `npm run types`; not edited by hand. */

export type KontaktWireProtocolVersion1 =
  | Accepted
  | AccountList
  | AccountView
  | Active
  | AddExample
  | AddNote
  | AddQuestion
  | AnswerPreview
  | AnswerRef
  | AnswerText
  | AnswerThresholds
  | Approve
  | AskHuman
  | Audience
  | CannedAnswer
  | CannedAnswers
  | CatalogueCard
  | CatalogueContact
  | CatalogueFaq
  | CatalogueHit
  | CatalogueHits
  | CatalogueLink
  | CatalogueOffer
  | CatalogueServiceLine
  | CatalogueServices
  | CatalogueText
  | ChangeExample
  | ChangeSetDetail
  | ChangeSetDiff
  | ChangeSetFaults
  | ChangeSetList
  | ChangeSetView
  | ChangeState
  | ChangedQuestion
  | CheckExample
  | CheckNewExample
  | Choice
  | Choose
  | CitizenClose
  | CitizenFrame
  | Claim
  | Claimed
  | Closed
  | Comparison
  | Confirm
  | ConfirmAnswer
  | ConfusedPair
  | ContextLine
  | ConversationOpened
  | ConversationSummary
  | CrossValidation
  | CurvePoint
  | DangerFigures
  | DifferenceView
  | Draft
  | DraftDecided
  | EarlierConversation
  | EarlierConversations
  | Edit
  | EditChangeSet
  | EditView
  | Edited
  | EngineDanger
  | EngineRanked
  | EngineView
  | ErrorFrame
  | Escalated
  | Event
  | EventFrame
  | EventsPage
  | EvidenceView
  | ExampleBlock
  | ExampleList
  | ExampleVerdict
  | ExplainedIntent
  | Explanation
  | FaqAnswers
  | FaqFigures
  | FaqRollout
  | FaultView
  | FindingView
  | Findings
  | Gap
  | GateReason
  | GateReasonView
  | GateVerdict
  | GateView
  | GivenLabel
  | GivenLabels
  | GroupFigures
  | GuideClose
  | GuideFrame
  | GuideHello
  | GuideProfileList
  | GuideProfileView
  | GuideServerFrame
  | GuideState
  | GuideWelcome
  | GuidesFrame
  | HandBack
  | HandedBack
  | HeldTexts
  | Hello
  | HoldTexts
  | Imported
  | InboxFaq
  | InboxFaqs
  | InboxPage
  | IntentLine
  | IntentList
  | JudgeAnswer
  | KeptNotice
  | KeptNotices
  | Label
  | LabelTexts
  | LabelledTexts
  | Level
  | LevelChange
  | LikelyFaq
  | Link
  | Live
  | Message
  | MissContext
  | MissKind
  | MissedGroup
  | MissedText
  | ModelFigures
  | ModelList
  | ModelView
  | NamedQuestion
  | NamedService
  | NearExample
  | NewFaq
  | NewcomerMenu
  | NewcomerQuestion
  | Note
  | Notices
  | OpenChangeSet
  | OpenConversation
  | Opened
  | OutcomeView
  | Ping
  | Placeholder
  | Pong
  | PresenceFrame
  | PreviewAnswer
  | PreviewLink
  | ProposedExamples
  | PutModel
  | PutUpNotice
  | QuestionList
  | QuestionView
  | QueuePlace
  | Ranked
  | Rate
  | Rated
  | Reason
  | Redacted
  | Reject
  | Release
  | Released
  | ReliabilityBin
  | RemoveExample
  | RemoveQuestion
  | RenameFaq
  | Reply
  | RetireFaq
  | Review
  | ReviewItem
  | ReviewList
  | Reviewed
  | Right
  | Role
  | RollBack
  | Rollout
  | Said
  | Say
  | SearchCatalogue
  | SeenText
  | SentencePart
  | SentenceToken
  | ServerFrame
  | ServiceIntents
  | ServiceRollout
  | SetAnswer
  | SetBounds
  | SetCap
  | SetDisabled
  | SetGuideProfile
  | SetLevel
  | SetPresence
  | SetRoles
  | SetSearchWords
  | SetSwitch
  | Severity
  | ShadowCompared
  | ShownNotice
  | SignIn
  | SignInWays
  | SignedIn
  | SignedOut
  | StartTraining
  | State
  | SummaryFrame
  | SupervisionFrame
  | SwitchView
  | TakeOver
  | TermGain
  | TrainingFigures
  | TrainingList
  | TrainingView
  | Transfer
  | Transferred
  | TriedMessage
  | TriedSentence
  | TrySentence
  | TurnedSentence
  | Typing
  | TypingNow
  | Understanding
  | Unwatch
  | VoiceCount
  | Watch
  | Welcome
  | Whisper
  | Whispered
  | WishDropped;
/**
 * What an account is to the municipality; mirrored by the names that claims of the sign-in are mapped to.
 */
export type Role = "guide" | "lead" | "editor" | "analyst" | "admin" | "staff";
/**
 * Who asks: anyone, or a signed-in employee.
 */
export type Audience = "citizen" | "staff";
/**
 * Where a change set is; mirrored by a CHECK constraint.
 */
export type ChangeState = "open" | "in_training" | "in_service" | "abandoned";
export type CitizenFrame = Say | Choose | AskHuman | Rate | CitizenClose | Typing | Ping;
/**
 * From never answering to answering alone.
 */
export type Level = "off" | "shadow" | "approve" | "sampled" | "auto";
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
  | WishDropped
  | HandedBack
  | Note
  | Whispered
  | ShadowCompared
  | Reviewed
  | Rated
  | Closed
  | Redacted;
/**
 * Where a missed text belongs; mirrored by a CHECK constraint.
 */
export type Label = "right" | "faq" | "new_faq" | "out_of_scope" | "skip";
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
  | Whisper
  | Review
  | GuideClose
  | Active
  | Live
  | SetPresence
  | Watch
  | Unwatch
  | Typing
  | Ping;
export type GuideServerFrame =
  | GuideWelcome
  | Accepted
  | EventFrame
  | TypingNow
  | SummaryFrame
  | GuidesFrame
  | PresenceFrame
  | SupervisionFrame
  | Pong
  | ErrorFrame;
/**
 * One thing that a route or a frame asks for.
 */
export type Right =
  | "desk"
  | "live"
  | "review"
  | "read_rollout"
  | "change_rollout"
  | "announce"
  | "keep_guides"
  | "keep_accounts"
  | "tune"
  | "change_model"
  | "override_gate"
  | "ask_as_staff";
/**
 * In which way a message was missed.
 */
export type MissKind =
  | "asked"
  | "denied"
  | "searched"
  | "low_confidence"
  | "not_resolved"
  | "not_helped"
  | "taken_over"
  | "edited"
  | "rejected"
  | "judged_unclear"
  | "judged_wrong"
  | "harmful";
/**
 * How much it matters, least first; mirrored by a CHECK constraint.
 */
export type Severity = "info" | "warning" | "critical";
/**
 * Who asks: anyone, or a signed-in employee.
 */
export type Audience1 = "citizen" | "staff";
/**
 * How much it matters, least first; mirrored by a CHECK constraint.
 */
export type Severity1 = "info" | "warning" | "critical";
export type ServerFrame =
  Welcome | Accepted | EventFrame | TypingNow | QueuePlace | Pong | ErrorFrame;

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
 * Answer of `GET /api/v1/accounts`, by name.
 */
export interface AccountList {
  accounts: AccountView[];
}
/**
 * An account: what it may do, and whether somebody is signed in with it.
 */
export interface AccountView {
  id: string;
  username: string;
  name: string;
  roles: Role[];
  disabled: boolean;
  by_provider: boolean;
  sessions: number;
  seen_at?: string | null;
}
/**
 * The guide does something at the desk; a guide who does nothing for long is away. At most once a minute.
 */
export interface Active {
  type: "active";
}
/**
 * One more example, at the end of its block.
 */
export interface AddExample {
  intent: string;
  language?: string;
  voice?: "vardag" | "formell" | "sms" | "andraspråk" | "en";
  kind: "add_example";
  text: string;
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
 * One more question that nobody trains on and every new model is asked.
 */
export interface AddQuestion {
  faq?: string | null;
  outcome?: ("out_of_scope" | "human" | "crisis" | "not_crisis") | null;
  text: string;
  kind: "add_question";
  language?: string;
  audience?: ("citizen" | "staff") | null;
  must_catch?: boolean;
}
/**
 * Answer of `POST …/preview`: what a citizen would be shown, gaps filled, links known.
 */
export interface AnswerPreview {
  text: string;
  links: PreviewLink[];
  language: string;
}
/**
 * A link under the answer.
 */
export interface PreviewLink {
  title: string;
  url: string;
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
 * Question and answer in one language; `seen` goes with an edit of it.
 */
export interface AnswerText {
  language: string;
  question: string;
  answer: string;
  seen: string;
  stale: boolean;
  translation: string | null;
  placeholders: Placeholder[];
}
/**
 * A gap of an answer, and what is shown in its place.
 */
export interface Placeholder {
  name: string;
  shown: string;
  filled: boolean;
}
/**
 * Answered from `answer` on, asked back from `ask` on.
 */
export interface AnswerThresholds {
  answer: number;
  ask: number;
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
 * A ready-made answer; what is `unfilled` stands in `text` as `{{name}}`, a phrase stands for `stand_ins`.
 *
 * `swedish` is the same in Swedish, null where `text` is.
 */
export interface CannedAnswer {
  id: string;
  title: string;
  shortcuts: string[];
  text: string;
  language: string;
  translation: ("machine, unreviewed" | "reviewed") | null;
  swedish: string | null;
  unfilled: Gap[];
  stand_ins: Gap[];
}
/**
 * Something that nobody has filled in; `describes` says in Swedish what it is.
 */
export interface Gap {
  name: string;
  describes: string;
}
/**
 * Answer of `GET /api/v1/canned`, best first.
 */
export interface CannedAnswers {
  answers: CannedAnswer[];
}
/**
 * Answer of `GET /api/v1/catalogue/services/{id}`.
 */
export interface CatalogueCard {
  id: string;
  name: Said;
  audience: Audience;
  sensitive: boolean;
  topic: string;
  description: Said;
  provider: string;
  contact: CatalogueContact[];
  opening_hours: CatalogueText | null;
  links: CatalogueLink[];
  offers: CatalogueOffer[];
  faqs: CatalogueFaq[];
}
/**
 * A text and the language that it really is in.
 */
export interface Said {
  text: string;
  language: string;
}
/**
 * One way to reach a service.
 */
export interface CatalogueContact {
  text: string;
  language: string;
  gaps: Gap[];
  channel: string;
}
/**
 * A text with the municipality's gaps filled; for each of `gaps` a phrase stands in.
 */
export interface CatalogueText {
  text: string;
  language: string;
  gaps: Gap[];
}
/**
 * A link; `url` is null where the municipality has not filled in the address.
 */
export interface CatalogueLink {
  title: Said;
  url: string | null;
}
/**
 * Something that can be ordered.
 */
export interface CatalogueOffer {
  id: string;
  name: Said;
  price: string;
  source: "facts" | "law" | "example";
}
/**
 * A question with its answer, both in `language`; for each of `gaps` a phrase stands in.
 */
export interface CatalogueFaq {
  id: string;
  question: string;
  answer: string;
  language: string;
  source: "facts" | "law" | "example";
  translation: ("machine, unreviewed" | "reviewed") | null;
  gaps: Gap[];
  links: CatalogueLink[];
}
/**
 * A question that was found; `audience: staff` is not for citizens.
 */
export interface CatalogueHit {
  service: string;
  service_name: Said;
  audience: Audience;
  faq: CatalogueFaq;
}
/**
 * Answer of `POST /api/v1/catalogue/search`, best first.
 */
export interface CatalogueHits {
  hits: CatalogueHit[];
}
/**
 * One line of the list of services.
 */
export interface CatalogueServiceLine {
  id: string;
  name: Said;
  audience: Audience;
  sensitive: boolean;
  topic: string;
}
/**
 * Answer of `GET /api/v1/catalogue/services`; `questions` are the questions of all FAQs by id, in Swedish.
 */
export interface CatalogueServices {
  services: CatalogueServiceLine[];
  questions: {
    [k: string]: string;
  };
}
/**
 * An example is written otherwise, in its place.
 */
export interface ChangeExample {
  intent: string;
  language?: string;
  voice?: "vardag" | "formell" | "sms" | "andraspråk" | "en";
  kind: "change_example";
  text: string;
  to: string;
}
/**
 * A change set with its edits, oldest first; `faults` is null while nobody has asked for the check.
 */
export interface ChangeSetDetail {
  change_set: ChangeSetView;
  head: string;
  edits: EditView[];
  faults: FaultView[] | null;
  behind: boolean;
}
/**
 * A change set as a line of the list.
 */
export interface ChangeSetView {
  id: string;
  title: string;
  state: ChangeState;
  opened_at: string;
  opened_by: string;
  changed_at: string;
  edits: number;
}
/**
 * One edit: `subject` is an intent or a service, `what` is the commit's message without it.
 */
export interface EditView {
  commit: string;
  at: string;
  by: string;
  subject: string;
  what: string;
}
/**
 * What the check of a change set found; `file` is of the data folder, `line` counts from 1.
 */
export interface FaultView {
  file: string;
  line: number;
  message: string;
}
/**
 * Answer of `GET …/diff`: a unified diff.
 */
export interface ChangeSetDiff {
  diff: string;
}
/**
 * Answer of `POST …/check`.
 */
export interface ChangeSetFaults {
  head: string;
  faults: FaultView[];
}
/**
 * Answer of `GET /api/v1/tuning/changes`: the last changed first.
 */
export interface ChangeSetList {
  change_sets: ChangeSetView[];
}
/**
 * A question that went from wrong to right, or (`right` is false) from right to wrong.
 */
export interface ChangedQuestion {
  id: string;
  text: string;
  language: string;
  subject: string;
  right: boolean;
  before: OutcomeView;
  now: OutcomeView;
}
/**
 * What a model made of a question.
 */
export interface OutcomeView {
  decision: string;
  first: string;
  confidence: number;
}
/**
 * Body of `POST …/findings`: an example as it is typed; `instead_of` is the one that it replaces.
 */
export interface CheckExample {
  intent: string;
  language?: string;
  voice?: "vardag" | "formell" | "sms" | "andraspråk" | "en";
  text: string;
  instead_of?: string;
}
/**
 * Body of `POST /api/v1/tuning/playground/example`.
 */
export interface CheckNewExample {
  text: string;
  intent: string;
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
 * Is anybody there? A browser hears nothing of a line that has died unless it asks.
 */
export interface Ping {
  type: "ping";
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
  via?: "claim" | "take_over" | "assigned";
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
 * A candidate beside the model in service, on the same questions.
 */
export interface Comparison {
  model: string;
  whole: DifferenceView;
  faqs: DifferenceView[];
  services: DifferenceView[];
  changed: ChangedQuestion[];
  groups: GroupFigures[];
  calibration_error: number;
}
/**
 * What changed between two models; `p` is McNemar's, exact and two-sided. `name`: of which FAQ or service.
 */
export interface DifferenceView {
  name?: string;
  n: number;
  lost: number;
  gained: number;
  p: number;
}
/**
 * How questions of a kind went: all (no language), those of a language, those of a language and a voice.
 */
export interface GroupFigures {
  kind: string;
  language: string;
  style: string;
  n: number;
  right: number;
  answered: number;
  answered_wrong: number;
}
/**
 * Body of `POST /api/v1/supervision/faqs/{faq}/promotion`: a lead confirms what the evidence allows.
 */
export interface Confirm {
  level: Level;
  why?: string;
}
/**
 * The text of a language still fits, though the Swedish text has changed.
 */
export interface ConfirmAnswer {
  kind: "confirm_answer";
  faq: string;
  language: string;
  seen: string;
}
/**
 * A FAQ that was taken for another, and how often.
 */
export interface ConfusedPair {
  expected: string;
  given: string;
  n: number;
}
/**
 * Something that was said around a missed text.
 */
export interface ContextLine {
  seq: number;
  from: "citizen" | "bot" | "guide" | "system";
  text: string;
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
  wanted_language?: string | null;
  returned?: string | null;
  draft_id?: string | null;
  draft_deadline?: string | null;
}
/**
 * Examples asked of models that were learnt without them.
 */
export interface CrossValidation {
  folds: number;
  n: number;
  accuracy: number | null;
  macro_f1: number | null;
  faqs: FaqFigures[];
  confusion: ConfusedPair[];
  seconds: number;
}
/**
 * How a FAQ is told from the others; nulls where nothing was asked or given.
 */
export interface FaqFigures {
  name: string;
  n: number;
  right: number;
  given: number;
  precision: number | null;
  recall: number | null;
  f1: number;
}
/**
 * Where only confidences from here on are answered: the share that is answered, and the share wrong of it.
 */
export interface CurvePoint {
  coverage: number;
  risk: number;
  confidence: number;
}
/**
 * Cries for help and their harmless look-alikes, by patterns and model together; `missed_by_model`: alone.
 */
export interface DangerFigures {
  n: number;
  harmless: number;
  missed: NamedQuestion[];
  false_alarms: NamedQuestion[];
  missed_by_model: number;
}
/**
 * A question of the regression set.
 */
export interface NamedQuestion {
  id: string;
  text: string;
  language: string;
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
  level?: ("shadow" | "approve" | "sampled" | "auto") | null;
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
  decision: "approved" | "edited" | "rejected" | "timed_out" | "superseded" | "withdrawn";
  guide_id?: string | null;
  label?: ("wrong_answer" | "outdated" | "tone" | "should_have_been_a_person") | null;
  harmful?: boolean;
  edit_distance?: number | null;
}
/**
 * A conversation that the same signed-in person opened before.
 */
export interface EarlierConversation {
  conversation_id: string;
  opened_at: string;
  state: State;
  outcome: ("solved" | "referred" | "case_created" | "no_contact") | null;
  service: string | null;
  intent: string | null;
  last_message_at: string | null;
  messages: number;
}
/**
 * Answer of `GET /api/v1/conversations/{id}/earlier`, newest first.
 */
export interface EarlierConversations {
  conversations: EarlierConversation[];
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
 * Body of `POST …/edits`: all of them become one commit, or nothing does.
 */
export interface EditChangeSet {
  /**
   * @minItems 1
   * @maxItems 100
   */
  edits: [
    (
      | AddExample
      | RemoveExample
      | ChangeExample
      | SetAnswer
      | ConfirmAnswer
      | SetSearchWords
      | NewFaq
      | RetireFaq
      | RenameFaq
      | AddQuestion
      | RemoveQuestion
    ),
    ...(
      | AddExample
      | RemoveExample
      | ChangeExample
      | SetAnswer
      | ConfirmAnswer
      | SetSearchWords
      | NewFaq
      | RetireFaq
      | RenameFaq
      | AddQuestion
      | RemoveQuestion
    )[]
  ];
}
/**
 * An example is no longer one.
 */
export interface RemoveExample {
  intent: string;
  language?: string;
  voice?: "vardag" | "formell" | "sms" | "andraspråk" | "en";
  kind: "remove_example";
  text: string;
}
/**
 * Question and answer of a FAQ in one language; a translation counts as made from today's Swedish text.
 */
export interface SetAnswer {
  kind: "set_answer";
  faq: string;
  language: string;
  question: string;
  answer: string;
  seen: string;
}
/**
 * The words that people use for a service: the search and the recognition of service names go by them.
 */
export interface SetSearchWords {
  kind: "set_search_words";
  service: string;
  /**
   * @minItems 3
   * @maxItems 100
   */
  words: [string, string, string, ...string[]];
  seen: string;
}
/**
 * A question that the catalogue does not have, in the three languages that each has.
 */
export interface NewFaq {
  kind: "new_faq";
  faq: string;
  question: {
    [k: string]: string;
  };
  answer: {
    [k: string]: string;
  };
  source: "facts" | "law" | "example";
  law?: string | null;
  owner: string;
  reviewed: string;
  review_by: string;
}
/**
 * A question is taken out, with its examples and whatever names it.
 */
export interface RetireFaq {
  kind: "retire_faq";
  faq: string;
  seen: string;
}
/**
 * A question gets another id, everywhere: examples, relations, questions to calibrate on and to test with.
 */
export interface RenameFaq {
  kind: "rename_faq";
  faq: string;
  to: string;
}
/**
 * A regression question is no longer asked.
 */
export interface RemoveQuestion {
  faq?: string | null;
  outcome?: ("out_of_scope" | "human" | "crisis" | "not_crisis") | null;
  text: string;
  kind: "remove_question";
}
/**
 * What came of edits: the set as it is now, and the commit that it ends with.
 */
export interface Edited {
  change_set: ChangeSetView;
  head: string;
}
/**
 * What the engine's model of danger thinks of a text; `category` is one of data/crisis.yml.
 */
export interface EngineDanger {
  category: string;
  likelihood: number;
  is_alarm: boolean;
  is_harmless: boolean;
}
/**
 * One intent of the ranking.
 */
export interface EngineRanked {
  name: string;
  confidence: number;
}
/**
 * An engine process; `memory` in bytes.
 */
export interface EngineView {
  model: string;
  number: number;
  state: "starting" | "warming" | "ready" | "failed" | "stopping";
  since: string;
  memory?: number | null;
  problem?: string | null;
}
/**
 * A refusal: nothing was changed.
 */
export interface ErrorFrame {
  type: "error";
  id?: string | null;
  code: string;
  message: string;
  facts?: {
    [k: string]: string | number;
  } | null;
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
  choices?: Choice[];
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
  level?: ("shadow" | "approve" | "sampled" | "auto") | null;
  review?: boolean;
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
 * The guide passed the conversation to a colleague, a service area or a language; it waits for them.
 */
export interface Transferred {
  kind: "transferred";
  guide_id: string;
  to_guide?: string | null;
  to_service?: string | null;
  to_language?: string | null;
}
/**
 * The colleague whom a conversation waited for is not at the desk; it waits for anybody.
 */
export interface WishDropped {
  kind: "wish_dropped";
  to_guide: string;
}
/**
 * The guide gave the conversation back to the bot, which takes it up where the note leaves it: at `service`.
 */
export interface HandedBack {
  kind: "handed_back";
  guide_id: string;
  note?: string | null;
  service?: string | null;
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
 * A lead says something to the guide alone.
 */
export interface Whispered {
  kind: "whispered";
  guide_id: string;
  guide_name: string;
  text: string;
}
/**
 * How an unseen answer of the bot compares with what the guide wrote in its place.
 */
export interface ShadowCompared {
  kind: "shadow_compared";
  draft_id: string;
  agreement: number;
  edit_distance: number;
}
/**
 * Somebody judged an answer of the bot after the fact; `item` is the id of its message or unseen draft.
 */
export interface Reviewed {
  kind: "reviewed";
  item: string;
  verdict: "good" | "wrong" | "unclear";
  harmful?: boolean;
  guide_id: string;
  guide_name: string;
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
 *
 * `opens_at` is when it opens next, null while it is open. A guide may be on duty all the same.
 */
export interface QueuePlace {
  type: "queue";
  position: number;
  wait_seconds?: [number, number] | null;
  guides_on_duty: number;
  opens_at?: string | null;
}
/**
 * What reviews say: `low` and `high` bound the 95 % Wilson interval of the approved share.
 */
export interface EvidenceView {
  reviewed: number;
  approved: number;
  low: number;
  high: number;
  recent_reviewed: number;
  recent_approved: number;
  agreement?: number | null;
  edit_distance?: number | null;
}
/**
 * The examples of an intent in one language and voice, in the order of the file; `least` is what the check asks.
 */
export interface ExampleBlock {
  language: string;
  voice: string;
  least: number;
  texts: string[];
}
/**
 * Answer of `GET …/intents/{intent}`.
 */
export interface ExampleList {
  intent: string;
  blocks: ExampleBlock[];
}
/**
 * What a new example would stand beside and turn; of an intent that the model does not know nothing is turned.
 */
export interface ExampleVerdict {
  is_known: boolean;
  nearest: NearExample[];
  near_duplicates: NearExample[];
  /**
   * @maxItems 200
   */
  turned: TurnedSentence[];
}
/**
 * An example nearby; without `text` the model is older than the keeping of texts.
 */
export interface NearExample {
  text: string | null;
  intent: string;
  similarity: number;
}
/**
 * Somebody whom a new example would turn: another example, or a question that nobody trains on.
 */
export interface TurnedSentence {
  kind: "example" | "question";
  text: string;
  intent: string;
  margin: number;
}
/**
 * Why an intent has its value: the five parts add up to it.
 */
export interface ExplainedIntent {
  intent: string;
  value: number;
  words: TermGain[];
  characters: TermGain[];
  of_words: number;
  of_characters: number;
  of_vector: number;
  of_neighbours: number;
  of_every_sentence: number;
}
/**
 * A word or run of characters, and how much it spoke for an intent; against it below zero.
 */
export interface TermGain {
  text: string;
  gain: number;
}
/**
 * What the engine understood of a sentence, and why.
 */
export interface Explanation {
  text: string;
  language: string | null;
  ranking: EngineRanked[];
  entities: NamedService[];
  thresholds?: AnswerThresholds | null;
  danger: EngineDanger | null;
  staff_share: number;
  questions: SentencePart[];
  tokens: SentenceToken[];
  explained: ExplainedIntent[];
  nearest: NearExample[];
  model_id: string | null;
}
/**
 * A service that is named.
 */
export interface NamedService {
  entity: string;
  value: string;
  start: number;
  end: number;
}
/**
 * A question inside the message.
 */
export interface SentencePart {
  text: string;
  name: string;
  confidence: number;
}
/**
 * A word as the model sees it; one that is not known was in too few examples.
 */
export interface SentenceToken {
  text: string;
  start: number;
  end: number;
  is_known: boolean;
}
/**
 * Answer of `GET …/faqs/{faq}`: the languages side by side, Swedish first.
 */
export interface FaqAnswers {
  faq: string;
  service: string;
  source: string;
  owner: string;
  texts: AnswerText[];
}
/**
 * Where one FAQ stands, and whether its evidence suffices to go up (`ready` names the level).
 */
export interface FaqRollout {
  faq: string;
  question: string;
  level: Level;
  cap: Level;
  example: boolean;
  cap_lifted: boolean;
  target: number;
  floor: number;
  min_samples: number;
  evidence: EvidenceView;
  ready?: Level | null;
  waiting: number;
  since?: string | null;
  last_change?: LevelChange | null;
}
/**
 * A line of the audit log. No `by_name`: the rule did it. No `faq`: it holds for all.
 */
export interface LevelChange {
  at: string;
  faq?: string | null;
  action:
    | "promoted"
    | "demoted"
    | "set"
    | "cap_lifted"
    | "cap_restored"
    | "bounds_set"
    | "all_off"
    | "all_on";
  from_level?: Level | null;
  to_level?: Level | null;
  by_name?: string | null;
  why: string;
}
/**
 * Something to look at; one that `blocks` keeps the example from being saved.
 */
export interface FindingView {
  code: string;
  blocks: boolean;
  intent: string;
  text: string;
  count: number;
}
/**
 * Answer of `POST …/findings`; `neighbours` tells whether the engine was asked too.
 */
export interface Findings {
  findings: FindingView[];
  neighbours: boolean;
}
/**
 * One reason why the gate is closed.
 */
export interface GateReason {
  code: string;
  sentence: string;
}
/**
 * Why the gate is closed: a sentence, and the ids of the questions that show it.
 */
export interface GateReasonView {
  code: string;
  sentence: string;
  questions: string[];
  subject?: string | null;
}
/**
 * Whether the model may be put into service; `unjudged` are FAQs with too few questions for a floor.
 */
export interface GateVerdict {
  open: boolean;
  reasons: GateReasonView[];
  unjudged: string[];
}
/**
 * Whether a model may be put into service without a lead's word.
 */
export interface GateView {
  open: boolean;
  reasons?: GateReason[];
}
/**
 * One label: who gave it to which text and when, and whether it still stands.
 */
export interface GivenLabel {
  key: string;
  version: number;
  label: Label;
  faq?: string | null;
  name?: string | null;
  at: string;
  by_name: string;
  undone?: boolean;
  change_set_id?: string | null;
}
/**
 * Answer of `GET /api/v1/tuning/inbox/labels`: the newest first.
 */
export interface GivenLabels {
  labels: GivenLabel[];
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
 * Stop a draft; the conversation goes to the queue. A harmful one takes its FAQ down at once.
 */
export interface Reject {
  id: string;
  conversation_id: string;
  type: "reject";
  draft_id: string;
  label: "wrong_answer" | "outdated" | "tone" | "should_have_been_a_person";
  harmful?: boolean;
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
 * Pass the conversation to a colleague, or to whoever knows a service or a language.
 */
export interface Transfer {
  id: string;
  conversation_id: string;
  type: "transfer";
  to_guide?: string | null;
  to_service?: string | null;
  to_language?: string | null;
}
/**
 * Say something to the guide who has the conversation; the citizen does not see it.
 */
export interface Whisper {
  id: string;
  conversation_id: string;
  type: "whisper";
  text: string;
}
/**
 * Judge an answer that the assistant gave, or would have given; a harmful one takes its FAQ down at once.
 */
export interface Review {
  id: string;
  conversation_id: string;
  type: "review";
  item: string;
  verdict: "good" | "wrong" | "unclear";
  harmful?: boolean;
}
/**
 * Show, or stop showing, all conversations that the assistant has now; for leads.
 */
export interface Live {
  type: "live";
  on: boolean;
}
/**
 * Whether the guide takes conversations now.
 */
export interface SetPresence {
  type: "set_presence";
  id: string;
  presence: "available" | "busy" | "away" | "closed";
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
 * Answer of `GET /api/v1/guides`, by name.
 */
export interface GuideProfileList {
  guides: GuideProfileView[];
}
/**
 * What a guide takes on: no services means all of them.
 */
export interface GuideProfileView {
  id: string;
  name: string;
  capacity: number;
  services: string[];
  languages: string[];
}
/**
 * The guide's socket is open: the queue, the drafts that wait and the guide's own conversations.
 */
export interface GuideWelcome {
  type: "welcome";
  guide: SignedIn;
  presence: "available" | "busy" | "away" | "closed";
  conversations: ConversationSummary[];
  guides?: GuideState[];
  promise_seconds: number;
  all_off: boolean;
  revision: number;
  server_time: string;
}
/**
 * Who is signed in; `role` is the weightiest of the roles, `rights` what all of them allow.
 */
export interface SignedIn {
  id: string;
  name: string;
  role: Role;
  roles: Role[];
  rights: Right[];
}
/**
 * A guide as colleagues see one: present or not, how much there is to do, and what for.
 */
export interface GuideState {
  id: string;
  name: string;
  presence: "available" | "busy" | "away" | "closed";
  automatic?: boolean;
  load: number;
  capacity: number;
  services?: string[];
  languages?: string[];
}
/**
 * Somebody is writing; guides are told which colleague.
 */
export interface TypingNow {
  type: "typing";
  from: "citizen" | "bot" | "guide";
  conversation_id?: string | null;
  guide_id?: string | null;
  guide_name?: string | null;
}
/**
 * A conversation on the guides' list is new or changed; a closed one leaves the list.
 */
export interface SummaryFrame {
  type: "conversation";
  conversation: ConversationSummary;
}
/**
 * Who is there now, how much each has to do: all guides that were seen lately.
 */
export interface GuidesFrame {
  type: "guides";
  guides: GuideState[];
}
/**
 * The guide's own presence has changed otherwise than by a command: by the clock, or at another desk.
 */
export interface PresenceFrame {
  type: "presence";
  presence: "available" | "busy" | "away" | "closed";
  automatic?: boolean;
}
/**
 * A level has changed, or everything was switched off or on again; figures are to be read anew.
 */
export interface SupervisionFrame {
  type: "supervision";
  all_off: boolean;
  revision: number;
}
/**
 * The answer to `ping`.
 */
export interface Pong {
  type: "pong";
}
/**
 * Answer of `POST /api/v1/tuning/inbox/holds`: those that nobody else looks at.
 */
export interface HeldTexts {
  texts: string[];
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
 * Body of `POST /api/v1/tuning/inbox/holds`: what one looks at, in place of what one looked at before.
 */
export interface HoldTexts {
  /**
   * @maxItems 50
   */
  texts: string[];
}
/**
 * What came of a file of examples: how many were added, and how many were there already.
 */
export interface Imported {
  change_set: ChangeSetView;
  head: string;
  added: number;
  known: number;
}
/**
 * A question of the catalogue that a text may belong to.
 */
export interface InboxFaq {
  id: string;
  question: string;
  service: string;
  service_name: string;
  audience: Audience;
}
/**
 * Answer of `GET /api/v1/tuning/inbox/faqs`.
 */
export interface InboxFaqs {
  faqs: InboxFaq[];
}
/**
 * Answer of `GET /api/v1/tuning/inbox`: the worst groups, and how much there is in all.
 */
export interface InboxPage {
  total_groups: number;
  total_texts: number;
  waiting: number;
  groups: MissedGroup[];
}
/**
 * Texts that may belong to the same question, the worst first; some of them where there are many.
 */
export interface MissedGroup {
  key: string;
  suggestions: LikelyFaq[];
  name: string;
  count: number;
  size: number;
  held_by?: string | null;
  texts: MissedText[];
}
/**
 * A question that may have been meant, and how likely that is, 0 to 1.
 */
export interface LikelyFaq {
  faq: string;
  likelihood: number;
}
/**
 * A text that was missed, with what became of it the last time.
 */
export interface MissedText {
  key: string;
  version: number;
  text: string;
  language: string;
  audience: Audience;
  count: number;
  kinds: MissKind[];
  answered?: string | null;
  offered: string[];
  chosen?: string | null;
  reject_label?: string | null;
  model_id?: string | null;
  at: string;
  conversation_id: string;
  seq: number;
}
/**
 * An intent with its examples counted; `question` is empty for what is no FAQ.
 */
export interface IntentLine {
  id: string;
  question: string;
  counts: VoiceCount[];
  stale: string[];
}
/**
 * How many examples there are in a language and voice.
 */
export interface VoiceCount {
  language: string;
  voice: string;
  count: number;
}
/**
 * Answer of `GET …/intents`: services by name, and the intents that are no FAQ.
 */
export interface IntentList {
  services: ServiceIntents[];
  others: IntentLine[];
}
/**
 * A service with its FAQs; `seen` goes with an edit of its search words.
 */
export interface ServiceIntents {
  id: string;
  name: string;
  audience: "citizen" | "staff";
  search_words: string[];
  seen: string;
  intents: IntentLine[];
}
/**
 * Body of `POST /api/v1/reviews/{conversation_id}`.
 */
export interface JudgeAnswer {
  id: string;
  item: string;
  verdict: "good" | "wrong" | "unclear";
  harmful?: boolean;
}
/**
 * A notice as the desk knows it: all its texts, and who put it up when.
 */
export interface KeptNotice {
  id: string;
  texts: {
    [k: string]: string;
  };
  severity: Severity;
  from: string;
  until: string;
  created_at: string;
  created_by: string;
}
/**
 * Answer of `GET /api/v1/notices/kept`: what is shown now, and what is to be shown.
 */
export interface KeptNotices {
  notices: KeptNotice[];
}
/**
 * Body of `POST /api/v1/tuning/inbox/labels`; `faq` names the question, `name` a new one.
 */
export interface LabelTexts {
  id: string;
  label: Label;
  faq?: string | null;
  name?: string | null;
  /**
   * @minItems 1
   * @maxItems 50
   */
  texts: [SeenText, ...SeenText[]];
}
/**
 * A text, and the version of its labels that was seen.
 */
export interface SeenText {
  key: string;
  version: number;
}
/**
 * Answer of `POST /api/v1/tuning/inbox/labels`: its `id` is what one undoes it by.
 */
export interface LabelledTexts {
  id: string;
  texts: number;
}
/**
 * Answer of `GET /api/v1/tuning/inbox/context/{conversation_id}/{seq}`, for those who may read conversations.
 */
export interface MissContext {
  lines: ContextLine[];
}
/**
 * The judgement of a model on the regression set.
 */
export interface ModelFigures {
  model: string;
  questions: number;
  groups: GroupFigures[];
  risk_coverage: CurvePoint[];
  reliability: ReliabilityBin[];
  calibration_error: number;
  overconfidence: number;
  confusion: ConfusedPair[];
  faqs: FaqFigures[];
  danger: DangerFigures;
  cross_validation: CrossValidation;
  seconds: number;
  named: {
    [k: string]: string;
  };
}
/**
 * Questions of about one confidence: their share of all, the mean confidence, and how many of them went right.
 */
export interface ReliabilityBin {
  share: number;
  confidence: number;
  accuracy: number;
}
/**
 * Answer of `GET /api/v1/tuning/models`; `swap` is the one under way.
 */
export interface ModelList {
  keeper: boolean;
  models: ModelView[];
  engines: EngineView[];
  swap?: SwitchView | null;
  log: SwitchView[];
}
/**
 * A model; without `commit` it was made from the data folder, without `made_by` by a start of the service.
 */
export interface ModelView {
  model: string;
  commit?: string | null;
  made_at: string;
  made_by?: string | null;
  in_service: boolean;
  served: boolean;
  kept: boolean;
  figures?: {
    [k: string]: unknown;
  } | null;
  gate?: GateView | null;
}
/**
 * A line of the log; without `by_name` a start of the service did it.
 */
export interface SwitchView {
  at: string;
  model: string;
  kind: "begun" | "put" | "rolled_back" | "failed";
  by_name?: string | null;
  why: string;
  overridden: boolean;
}
/**
 * Answer of `GET /api/v1/newcomers`.
 */
export interface NewcomerMenu {
  questions: NewcomerQuestion[];
}
/**
 * One question of the newcomers' menu; `language` is the one that the title is in.
 */
export interface NewcomerQuestion {
  title: string;
  payload: string;
  language: string;
}
/**
 * Answer of `GET /api/v1/notices`: what is shown now, what matters most first.
 */
export interface Notices {
  notices: ShownNotice[];
}
/**
 * A notice as everybody is shown it; the text is in `language`.
 */
export interface ShownNotice {
  id: string;
  severity: Severity;
  text: string;
  language: string;
  from: string;
  until: string;
}
/**
 * Body of `POST /api/v1/tuning/changes`.
 */
export interface OpenChangeSet {
  title: string;
}
/**
 * Body of `POST /api/v1/conversations`.
 */
export interface OpenConversation {
  language?: string;
  service?: string | null;
  audience?: Audience1;
  menu?: "newcomers" | null;
}
/**
 * Body of `POST …/preview`: an answer as it is typed.
 */
export interface PreviewAnswer {
  faq: string;
  language: string;
  answer: string;
}
/**
 * Answer of `POST /api/v1/tuning/inbox/proposals`.
 */
export interface ProposedExamples {
  examples: number;
  change_set_id?: string | null;
}
/**
 * Body of `POST /api/v1/tuning/models/{model}/put`: with `override` although its gate is closed, and then why.
 */
export interface PutModel {
  why?: string;
  override?: boolean;
}
/**
 * Body of `POST /api/v1/notices`; Swedish must be among the texts. Without `from` it is shown at once.
 */
export interface PutUpNotice {
  id: string;
  texts: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$".
     */
    [k: string]: string;
  };
  severity?: Severity1;
  from?: string | null;
  until: string;
}
/**
 * Answer of `GET …/questions`, in the order of the files.
 */
export interface QuestionList {
  questions: QuestionView[];
}
/**
 * A regression question: what it expects is FAQs, or an outcome.
 */
export interface QuestionView {
  text: string;
  language: string;
  expect: string[];
  outcome: string | null;
  audience: ("citizen" | "staff") | null;
  must_catch: boolean;
}
/**
 * An answer to judge: what was asked, what the assistant said or would have said, and what the guide wrote.
 */
export interface ReviewItem {
  conversation_id: string;
  item: string;
  faqs: string[];
  service: string;
  level: Level;
  at: string;
  language: string;
  question: string;
  answer: string;
  guide_answer?: string | null;
  agreement?: number | null;
  edit_distance?: number | null;
  intent?: string | null;
  confidence?: number | null;
}
/**
 * Answer of `GET /api/v1/reviews`: the oldest first, and how many there are in all.
 */
export interface ReviewList {
  total: number;
  items: ReviewItem[];
}
/**
 * Body of `POST /api/v1/tuning/models/{model}/roll_back`.
 */
export interface RollBack {
  why: string;
}
/**
 * Answer of `GET /api/v1/supervision`.
 */
export interface Rollout {
  all_off: boolean;
  revision: number;
  automatic_promotion: boolean;
  services: ServiceRollout[];
  changes: LevelChange[];
}
/**
 * A service with its FAQs; its evidence is that of all of them.
 */
export interface ServiceRollout {
  service: string;
  name: string;
  sensitive: boolean;
  audience: "citizen" | "staff";
  evidence: EvidenceView;
  levels: {
    [k: string]: number;
  };
  faqs: FaqRollout[];
}
/**
 * Body of `POST /api/v1/catalogue/search`; `audience` is who is to have the answer.
 */
export interface SearchCatalogue {
  q: string;
  audience: Audience;
  language?: string;
  limit?: number;
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
 * Body of `POST /api/v1/supervision/faqs/{faq}/bounds`; null is the setting for all.
 */
export interface SetBounds {
  target: number | null;
  floor: number | null;
  why: string;
}
/**
 * Body of `POST /api/v1/supervision/faqs/{faq}/cap`: lift or restore the cap of a sensitive service.
 */
export interface SetCap {
  lifted: boolean;
  why: string;
}
/**
 * Body of `POST /api/v1/accounts/{id}/disabled`: shut an account out, or let it in again.
 */
export interface SetDisabled {
  disabled: boolean;
}
/**
 * Body of `POST /api/v1/guides/{id}`.
 */
export interface SetGuideProfile {
  capacity: number;
  /**
   * @maxItems 200
   */
  services: string[];
  /**
   * @minItems 1
   * @maxItems 200
   */
  languages: [string, ...string[]];
}
/**
 * Body of `POST /api/v1/supervision/faqs/{faq}/level`: a lead decides, and says why; raised only to `approve`.
 */
export interface SetLevel {
  level: Level;
  why: string;
}
/**
 * Body of `POST /api/v1/accounts/{id}/roles`: these roles and no others.
 */
export interface SetRoles {
  /**
   * @minItems 1
   * @maxItems 6
   */
  roles:
    | [Role]
    | [Role, Role]
    | [Role, Role, Role]
    | [Role, Role, Role, Role]
    | [Role, Role, Role, Role, Role]
    | [Role, Role, Role, Role, Role, Role];
}
/**
 * Body of `POST /api/v1/supervision/switch`: switch everything off, for which no reason is needed, or on again.
 */
export interface SetSwitch {
  all_off: boolean;
  why: string;
}
/**
 * Body of `POST /api/v1/session`.
 */
export interface SignIn {
  username: string;
  password: string;
}
/**
 * Answer of `GET /api/v1/session/ways`: with a password, with the municipality's own sign-in, or both.
 */
export interface SignInWays {
  password: boolean;
  provider: boolean;
}
/**
 * Answer of `DELETE /api/v1/session`; with `provider_url` the browser goes there, to sign out there too.
 */
export interface SignedOut {
  provider_url?: string | null;
}
/**
 * Body of `POST /api/v1/tuning/trainings`.
 */
export interface StartTraining {
  change_set: string;
}
/**
 * Answer of `GET …/figures`; no comparison where no model was in service.
 */
export interface TrainingFigures {
  figures: ModelFigures;
  comparison?: Comparison | null;
  gate: GateVerdict;
}
/**
 * Answer of `GET /api/v1/tuning/trainings`: the newest first.
 */
export interface TrainingList {
  can_train: boolean;
  trainings: TrainingView[];
}
/**
 * A training; `share` is an estimate from 0 to 1, `tail` the last lines of its log, while it runs.
 */
export interface TrainingView {
  id: string;
  change_set: string;
  commit: string;
  state: "queued" | "training" | "judging" | "done" | "failed" | "cancelled";
  step?: string;
  share?: number;
  tail?: string[];
  model?: string | null;
  problem?: string | null;
  started_at: string;
  started_by?: string | null;
  ended_at?: string | null;
}
/**
 * Something that the assistant would say, with its quick replies.
 */
export interface TriedMessage {
  text: string;
  choices: string[];
  faq?: string | null;
}
/**
 * Answer of `POST /api/v1/tuning/playground`: what was understood, why, and what would be said.
 */
export interface TriedSentence {
  stored: string;
  explanation: Explanation;
  decision: string;
  mode: "send" | "approve" | "shadow";
  level?: string | null;
  escalates: boolean;
  messages: TriedMessage[];
}
/**
 * Body of `POST /api/v1/tuning/playground`.
 */
export interface TrySentence {
  text: string;
  language?: string;
  audience?: "citizen" | "staff";
}
