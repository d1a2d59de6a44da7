/** Unsent texts, kept over a reload of the page in this tab. */
const KEY = "kontakt.console.texts";

export function findTexts(): Record<string, string> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

export function keepTexts(texts: Readonly<Record<string, string>>): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(texts));
  } catch {
    // Blocked or full storage: unsent text lives as long as the page.
  }
}

/** Leaves nothing for the next person at the same machine. */
export function forgetTexts(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
