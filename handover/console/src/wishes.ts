/** What a person wants of the console at this machine: kept over visits, lost where storage is blocked. */
const KEYS = {
  shortcuts: "kontakt.console.shortcuts",
  sound: "kontakt.console.sound",
  notices: "kontakt.console.notices",
} as const;

export type Wish = keyof typeof KEYS;

/** Single keys act unless they are switched off; sounds and notices are asked for. */
const DEFAULTS: Record<Wish, boolean> = { shortcuts: true, sound: false, notices: false };

export function isWanted(wish: Wish): boolean {
  try {
    const kept = localStorage.getItem(KEYS[wish]);
    return kept === null ? DEFAULTS[wish] : kept === "on";
  } catch {
    return DEFAULTS[wish];
  }
}

export function keepWish(wish: Wish, on: boolean): void {
  try {
    localStorage.setItem(KEYS[wish], on ? "on" : "off");
  } catch {
    // Blocked storage: the choice lasts as long as the page.
  }
}
