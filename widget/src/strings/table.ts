/**
 * The shape of a language's words. All of it is data, so that a table can be fetched as JSON.
 *
 * `{name}` and the like stand for what is filled in. A plural holds one text for each category that
 * the language has (`Intl.PluralRules`); a test knows which those are.
 */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

type Five = [string, string, string, string, string];

export interface Table {
  name: string;
  openChat: string;
  /** `{count}` */
  unread: Plural;
  closePanel: string;
  language: string;
  withAssistant: string;
  /** `{name}` */
  withGuide: string;
  inQueue: string;
  ended: string;

  more: string;
  textSize: string;
  textSizes: [string, string, string];
  download: string;
  print: string;

  privacyHeading: string;
  privacy: [string, string, string];
  greeting: string;
  newcomers: string;
  newcomersHint: string;
  /** Nothing survives a reload, since the browser keeps nothing. */
  notKept: string;
  /** `{language}`: the table of that language did not come. */
  tableMissing: string;

  transcript: string;
  you: string;
  byAi: string;
  byAiApproved: string;
  system: string;
  guide: string;
  /** `{name}` */
  guideNamed: string;
  redacted: string;
  suggestions: string;
  links: string;

  sending: string;
  retrying: string;
  delivered: string;
  failed: string;
  retry: string;

  checking: string;
  typingBot: string;
  /** `{name}` */
  typingGuide: string;
  connecting: string;
  offline: string;

  /** `{number}` */
  queuePlace: string;
  /** `{count}` */
  waitMinutes: Plural;
  /** `{low}`, `{count}`; the category is that of `{count}`. */
  waitRange: Plural;
  waitUnderMinute: string;
  noGuides: string;
  /** `{day}`, `{time}` */
  closed: string;

  askHuman: string;
  message: string;
  messageHint: string;
  send: string;
  /** `{count}` */
  charactersLeft: Plural;
  /** `{count}`, `{max}` */
  tooLong: Plural;
  personnummer: string;
  noFiles: string;

  end: string;
  endQuestion: string;
  endYes: string;
  endNo: string;

  rateHeading: string;
  score: string;
  scoreNames: Five;
  scoreLow: string;
  scoreHigh: string;
  resolved: string;
  yes: string;
  no: string;
  comment: string;
  sendRating: string;
  scoreMissing: string;
  thanks: string;
  newChat: string;

  escalated: Record<
    | "asked_for_human"
    | "low_confidence"
    | "not_resolved"
    | "rejected_draft"
    | "draft_timeout"
    | "crisis"
    | "policy"
    | "engine_failure",
    string
  >;
  /** `{name}` */
  claimed: string;
  released: string;
  lostConnection: string;
  transferred: string;
  handedBack: string;
  closedByCitizen: string;
  closedByGuide: string;
  closedBySystem: string;

  errors: Record<
    | "already_waiting"
    | "choice_unknown"
    | "conversation_closed"
    | "conversation_unknown"
    | "database_unavailable"
    | "sign_in_required"
    | "text_empty"
    | "token_invalid"
    | "too_many_requests",
    string
  >;
  error: string;
}
