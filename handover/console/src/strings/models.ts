/** The words of the page of models. */
import type { EngineView, SwitchView } from "@wire/protocol";

const states: Record<EngineView["state"], string> = {
  starting: "Laddar modellen",
  warming: "Värms upp",
  ready: "Redo",
  failed: "Misslyckades",
  stopping: "Avslutas",
};

const kinds: Record<SwitchView["kind"], string> = {
  begun: "Byte begärt",
  put: "Satt i drift",
  rolled_back: "Återställd",
  failed: "Bytet blev inte av",
};

export const models = {
  states,
  kinds,
  explained:
    "Nya samtal besvaras av modellen i drift. Samtal som pågår behåller sin modell tills de är slut, högst en timme.",
  noKeeper: "Här startas motorerna för hand. Modeller kan inte bytas från sidan.",
  inService: "I drift",
  none: "Ingen modell har noterats än.",
  since: (when: string, who: string) => `Sedan ${when}, av ${who}.`,
  bySystem: "tjänsten själv",
  swapTo: (model: string) => `Byter till ${model}.`,
  swapStep: (state: string) => `Motorn: ${state.toLowerCase()}.`,
  swapWaits: "Motorn har inte startat än.",
  swapLast: "Motorn är redo, modellen tar över.",
  meanwhile: "Modellen i drift svarar under tiden.",
  failed: (model: string, why: string) => `Bytet till ${model} blev inte av. ${why}`,
  done: (model: string) => `${model} är i drift.`,

  list: "Modeller",
  empty: "Inga modeller än. Träna en under Träning.",
  columns: { model: "Modell", made: "Gjord", judged: "Bedömning", action: "Gör" },
  commit: (commit: string) => `Innehåll ${commit.slice(0, 7)}`,
  ownData: "Datamappens innehåll",
  served: "Har varit i drift",
  dropped: "Inte sparad längre",
  right: (right: number, of: number, share: string) => `${share} rätt (${right} av ${of})`,
  changed: (gained: number, lost: number) => `${gained} frågor bättre, ${lost} sämre än i drift`,
  gateOpen: "Klarar kraven",
  gateClosed: "Klarar inte kraven",
  notJudged: "Inte bedömd",
  put: "Sätt i drift",
  rollBack: "Återställ",
  about: (what: string, model: string) => `${what}: ${model}`,

  putHeading: (model: string) => `Sätt ${model} i drift?`,
  rollBackHeading: (model: string) => `Återställ till ${model}?`,
  putHint: "Nya och ändrade frågor börjar på nivån Godkänns.",
  rollBackHint: "Modellerna efter den här slutar svara genast, även i samtal som pågår.",
  overrideHint: "Modellen klarar inte kraven:",
  confirmOverride: "Sätt i drift ändå",

  engines: "Motorer",
  noEngines: "Inga motorer är igång.",
  engineColumns: { model: "Modell", state: "Läge", since: "Sedan", memory: "Minne" },
  engine: (model: string, number: number) => `${model}, motor ${number}`,
  memory: (megabytes: string) => `${megabytes} MB`,

  log: "Historik",
  logColumns: { at: "När", what: "Vad", model: "Modell", who: "Vem", why: "Varför" },
  overridden: "trots kraven",
};
