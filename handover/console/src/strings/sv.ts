/** The words of the console. Guides work in Swedish. */
import type { Audience, GuideClose, Reason, Reject, SetPresence, State } from "@wire/protocol";
import type { Status } from "@wire/connection";

const reasons: Record<Reason, string> = {
  asked_for_human: "Vill prata med en människa",
  low_confidence: "Assistenten är osäker",
  not_resolved: "Assistenten kom inte vidare",
  rejected_draft: "Utkastet avvisades",
  draft_timeout: "Utkastet hann inte granskas",
  crisis: "Kris – går före",
  policy: "Ska besvaras av en människa",
  engine_failure: "Assistenten fungerar inte",
};

const states: Record<State, string> = {
  bot: "Assistenten svarar",
  waiting: "Väntar i kön",
  guide: "Hos en servicevägledare",
  closed: "Avslutat",
};

const audiences: Record<Audience, string> = { citizen: "Medborgare", staff: "Medarbetare" };

const presences: Record<SetPresence["presence"], string> = {
  available: "Tillgänglig",
  busy: "Upptagen",
  away: "Borta",
  closed: "Klar för dagen",
};

const outcomes: Record<NonNullable<GuideClose["outcome"]>, string> = {
  solved: "Löst",
  referred: "Hänvisad vidare",
  case_created: "Ärende skapat",
  no_contact: "Ingen kontakt",
};

const labels: Record<Reject["label"], string> = {
  wrong_answer: "Fel svar",
  outdated: "Inaktuellt",
  tone: "Fel ton",
  should_have_been_a_person: "Borde ha gått till en människa",
};

const connections: Record<Status, string> = {
  connecting: "Ansluter …",
  online: "Ansluten.",
  offline: "Ingen anslutning, försöker igen …",
};

export const sv = {
  reasons,
  states,
  audiences,
  presences,
  outcomes,
  labels,
  connections,

  product: "Kontakt Linköping",
  pages: {
    desk: "Samtal",
    reviews: "Granska",
    rollout: "Införande",
    live: "Direkt",
    people: "Personer",
  },
  pagesLabel: "Sidor",
  pageMissing: "Sidan kunde inte hämtas. Ladda om.",
  console: "Servicevägledarnas konsol",
  loading: "Hämtar …",
  unreachable: "Servern svarar inte. Försök igen om en stund.",

  signInHeading: "Logga in",
  username: "Användarnamn",
  password: "Lösenord",
  signIn: "Logga in",
  signOut: "Logga ut",
  signedOut: "Du är utloggad. Logga in igen.",
  noPage: "Kontot har inget att göra i konsolen. Logga in med ett annat konto.",

  presence: "Närvaro",
  shortcuts: "Kortkommandon",

  conversations: "Samtal",
  own: "Mina samtal",
  drafts: "Utkast att granska",
  queue: "Väntar i kön",
  nobody: "Inga samtal just nu.",
  waitingCount: (count: number) => (count === 0 ? "Ingen väntar i kön." : `${count} väntar i kön.`),
  waited: "Väntat",
  decideWithin: "Granska inom",
  noReason: "Utan angiven orsak",
  draftWaits: "Utkast väntar",
  unknownIntent: "Okänd avsikt",
  wanted: (who: string) => `Kopplat till ${who}`,

  choose: "Välj ett samtal i listan.",
  conversation: "Samtalet",
  yours: "Ditt samtal",
  ownedBy: (name: string) => `Hos ${name}`,
  claim: "Ta samtalet",
  takeOver: "Ta över",

  citizen: "Medborgaren",
  employee: "Medarbetaren",
  bot: "AI-assistenten",
  byAi: "skrivet av AI",
  byAiApproved: "skrivet av AI, granskat",
  guide: "Servicevägledare",
  system: "Automatiskt meddelande",
  redacted: "Texten är borttagen.",
  choice: "valde",
  sending: "Skickar …",
  typing: (who: string) => `${who} skriver …`,

  opened: "Samtalet började",
  escalated: (reason: Reason) => `Till kön: ${reasons[reason].toLowerCase()}`,
  claimed: (name: string) => `${name} tog samtalet`,
  tookOver: (name: string) => `${name} tog över från assistenten`,
  released: "Lades tillbaka i kön",
  lostConnection: "Tillbaka i kön: servicevägledaren tappade anslutningen",
  transferred: "Kopplades vidare",
  wishDropped: "Kollegan är inte på plats längre. Vem som helst kan ta samtalet",
  handedBack: "Lämnades tillbaka till assistenten",
  rated: (score: number) => `Betyg: ${score} av 5`,
  resolvedYes: "fick svar",
  resolvedNo: "fick inte svar",
  closed: "Samtalet avslutades",
  shadow: "Skuggsvar, visas inte",
  draftOf: "Utkast",
  decisions: {
    approved: "Utkastet godkändes",
    edited: "Utkastet skickades med ändringar",
    rejected: "Utkastet avvisades",
    timed_out: "Utkastet hann inte granskas",
    superseded: "Utkastet ersattes",
    withdrawn: "Utkastet drogs tillbaka: assistenten stängdes av",
  },

  understanding: "Så förstod assistenten",
  understandingNone: "Assistenten har inte tolkat något än.",
  notes: "Anteckningar",
  notesNone: "Inga anteckningar.",
  note: "Intern anteckning",
  saveNote: "Spara anteckningen",

  draft: "Utkast från assistenten",
  approve: "Godkänn och skicka",
  edit: "Ändra",
  editedText: "Ändrad text",
  sendEdited: "Skicka ändrad text",
  reject: "Avvisa",
  rejectReason: "Orsak",
  rejectDraft: "Avvisa utkastet",
  cancel: "Avbryt",

  reply: "Svar till medborgaren",
  replyHint: "Ctrl + Enter skickar.",
  send: "Skicka svaret",
  tooLong: (count: number) => `${count} tecken för långt, högst 4 000.`,
  handBack: "Lämna tillbaka till assistenten",
  release: "Lägg tillbaka i kön",
  end: "Avsluta",
  outcome: "Utfall",
  endConversation: "Avsluta samtalet",

  keys: {
    "j / k": "Nästa eller föregående samtal i listan",
    Enter: "Öppna samtalet",
    c: "Ta samtalet",
    r: "Skriv svar",
    "Ctrl + Enter": "Skicka svaret",
    Esc: "Lämna svarsfältet",
    b: "Lämna tillbaka till assistenten",
    "?": "Visa kortkommandon",
  },
  useShortcuts: "Använd kortkommandon med en tangent",
  close: "Stäng",
};
