/** The words of the page of trainings: progress, figures, comparison, gate. */
import type { TrainingView } from "@wire/protocol";

const states: Record<TrainingView["state"], string> = {
  queued: "Väntar",
  training: "Tränas",
  judging: "Bedöms",
  done: "Klar",
  failed: "Misslyckades",
  cancelled: "Avbruten",
};

const kinds: Record<string, string> = {
  faq: "Frågor",
  several: "Flera frågor i ett",
  human: "Vill prata med en människa",
  crisis: "Rop på hjälp",
  not_crisis: "Ser ut som fara men är det inte",
  no_answer: "Ska inte besvaras",
};

const decisions: Record<string, string> = {
  answered: "besvaras",
  asked: "frågas tillbaka",
  searched: "söks",
  escalated: "till en människa",
  smalltalk: "småprat",
  refused: "avböjs",
  crisis: "fara",
};

export const training = {
  explained:
    "En träning gör en ny modell av ett ändringspaket och jämför den med modellen i drift. Den som är i drift svarar hela tiden. En träning i taget.",
  cannotTrain: "Här startas motorerna för hand. Modeller kan inte tränas från sidan.",
  start: "Träna",
  startHeading: "Starta en träning",
  changeSet: "Ändringspaket",
  noSets: "Inget ändringspaket är öppet. Öppna ett under Innehåll.",
  none: "Ingen träning har gjorts än.",
  listName: "Träningar",
  listColumns: { started: "Startad", by: "Av", state: "Läge", model: "Modell" },
  states,
  kinds,
  decisions,
  back: "Alla träningar",
  heading: (when: string) => `Träning ${when}`,
  startedBy: (who: string) => `Startad av ${who}.`,
  progress: "Så långt har träningen kommit",
  cancel: "Avbryt träningen",
  cancelled: "Träningen är avbruten. Ingenting har ändrats.",
  log: "Logg",
  model: "Modell",

  gate: "Får den tas i drift?",
  open: "Ja. Inget krav är brutet.",
  closed: "Nej, inte utan att en ledare säger ja:",
  unjudged: (count: number) =>
    `${count} frågor har för få testfrågor för ett eget golv. Skriv fler testfrågor för dem.`,
  showQuestions: (count: number) => (count === 1 ? "Visa frågan" : `Visa ${count} frågor`),

  comparison: "Mot modellen i drift",
  noComparison: "Ingen modell var i drift att jämföra med.",
  whole: (n: number, lost: number, gained: number) =>
    `Av ${n} testfrågor blev ${gained} rätt som var fel, och ${lost} fel som var rätt.`,
  p: (p: string) =>
    `p = ${p}: så ofta skulle ren slump ge minst så stor skillnad. Under 0,05 räknas skillnaden som säker.`,
  lost: "Från rätt till fel",
  gained: "Från fel till rätt",
  nothingChanged: "Ingen fråga.",
  changedColumns: { text: "Fråga", subject: "Hör till", before: "I drift", now: "Ny modell" },
  differences: "Per fråga i katalogen",
  differenceColumns: { name: "Fråga", n: "Antal", lost: "Blev fel", gained: "Blev rätt", p: "p" },

  figures: "Siffror",
  groupsName: "Rätt och fel per språk och röst",
  groupColumns: {
    kind: "Slag",
    language: "Språk",
    style: "Röst",
    n: "Antal",
    right: "Rätt",
    answered: "Besvaras",
    wrong: "Fel av besvarade",
  },
  all: "alla",
  curve: "Risk och täckning",
  curveExplained:
    "Svarar assistenten bara när den är säker blir färre svar fel. Kurvan visar andelen fel för varje andel som besvaras.",
  curveColumns: { coverage: "Besvaras", risk: "Fel av dem", confidence: "Säkerhet från" },
  coverage: "andel som besvaras",
  risk: "andel fel",
  reliability: "Säker och rätt",
  reliabilityExplained: (error: string, over: string) =>
    `Det som modellen är 80 % säker på ska vara rätt i 80 %. Kalibreringsfel ${error}, varav för säker ${over}.`,
  reliabilityColumns: { confidence: "Säkerhet", accuracy: "Rätt", share: "Andel av frågorna" },
  confidence: "säkerhet",
  accuracy: "andel rätt",
  even: "lika säker som rätt",
  confusion: "Förväxlingar",
  confusionColumns: { expected: "Rätt fråga", given: "Togs för", n: "Antal" },
  noConfusion: "Inga förväxlingar.",
  faqs: "Varje fråga för sig",
  faqColumns: { name: "Fråga", n: "Antal", precision: "Precision", recall: "Täckning", f1: "F1" },
  sortBy: (column: string) => `Sortera efter ${column.toLowerCase()}`,
  heldOut: "Testfrågor, som ingen tränar på",
  folds: (n: number, folds: number) => `Korsvalidering: ${n} exempel i ${folds} delar`,
  foldFigures: (accuracy: string, f1: string) =>
    `Rätt i ${accuracy}, F1 i snitt ${f1}. Exemplen ligger med flit nära varandra, så detta är svårare än vad folk frågar.`,
  notValidated: "Korsvalidering gjordes inte.",
  danger: "Rop på hjälp",
  dangerTold: (missed: number, n: number, alarms: number, harmless: number) =>
    `${n - missed} av ${n} uppfattas. ${alarms} av ${harmless} ofarliga tas för fara.`,
  dangerMissed: "Missade",
  table: "Visa som tabell",
  csv: "Hämta som CSV",
  showAll: (count: number) => `Visa alla ${count}`,
};
