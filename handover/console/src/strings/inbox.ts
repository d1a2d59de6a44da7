/** The words of the inbox. */
import type { Label, MissedText, MissKind } from "@wire/protocol";

const kinds: Record<MissKind, string> = {
  asked: "frågade ”menade du”",
  denied: "inget av förslagen stämde",
  searched: "fick bara söka",
  low_confidence: "lämnades över, för osäker",
  not_resolved: "svaret hjälpte inte",
  not_helped: "dåligt betyg på svaret",
  taken_over: "en vägledare tog över",
  edited: "utkastet skrevs om",
  rejected: "utkastet avvisades",
  judged_unclear: "granskat: oklart",
  judged_wrong: "granskat: fel",
  harmful: "skadligt svar",
};

const labels: Record<Label, string> = {
  right: "Rätt som det var",
  faq: "Hör till en fråga",
  new_faq: "Ny fråga",
  out_of_scope: "Utanför uppdraget",
  skip: "Hoppa över",
};

function texts(count: number): string {
  return count === 1 ? "1 text" : `${count} texter`;
}

export const inbox = {
  kinds,
  labels,
  explained:
    "Vad människor frågade och assistenten inte fick rätt. En märkning av en fråga blir ett träningsexempel.",
  progress: (done: number, of: number) => `${done} av ${of} märkta`,
  empty: "Inkorgen är tom: inget väntar på märkning.",
  allHeld: "Kollegor hanterar allt som finns kvar just nu.",
  groups: "Grupper",
  heldBy: (name: string) => `hanteras av ${name}`,
  size: (count: number, times: number) =>
    times > count ? `${texts(count)}, ${times} gånger` : texts(count),
  newQuestion: (name: string) => `Ny fråga? ${name}`,
  heading: (at: number, of: number, group: string) =>
    of > 1 ? `${group} – text ${at} av ${of}` : group,
  times: (count: number) => (count === 1 ? "1 gång" : `${count} gånger`),
  asked: "Så skrev de",
  happened: "Vad som hände",
  answered: (question: string) => `Svaret som gavs: ${question}`,
  offered: (questions: string) => `Förslagen: ${questions}`,
  chosen: (question: string) => `Valde sedan: ${question}`,
  rejected: (why: string) => `Vägledaren: ${why}`,
  suggested: "Förslag",
  likely: (question: string, share: string) => `${question} (${share})`,
  nothingFits: "Ingen fråga i katalogen passar.",
  inGroup: "I samma grupp",
  more: (count: number) => `${texts(count)} till visas när de här är märkta.`,
  whole: "Hela gruppen",
  appliesTo: (count: number) => `Märkningen gäller ${texts(count)}.`,
  tick: (text: string) => `Ta med: ${text}`,
  label: "Märkning",
  undo: "Ångra",
  undone: "Märkningen är ångrad.",
  said: (label: string, count: number) => `${label}: ${texts(count)}.`,
  chooseFaq: "Vilken fråga hör texten till?",
  noFaq: "Ingen fråga passar sökningen.",
  workingName: "Arbetsnamn på den nya frågan",
  save: "Spara",
  context: "Visa samtalet",
  contextOf: "Samtalet runt texten",
  speakers: { citizen: "Person", bot: "Assistenten", guide: "Vägledare", system: "Systemet" },
  waiting: (count: number) =>
    count === 1 ? "1 exempel väntar på en ändring." : `${count} exempel väntar på en ändring.`,
  propose: "Lägg dem i min ändring",
  proposed: (count: number) =>
    count === 1 ? "1 exempel ligger i din ändring." : `${count} exempel ligger i din ändring.`,
  keys: "Tangenter: j och k byter text, a hela gruppen, x ta med eller inte, c samtalet.",
} as const;

/** What happened to a text, in a few words. */
export function kindsOf({ kinds: found }: MissedText): string {
  return found.map((kind) => kinds[kind]).join(", ");
}
