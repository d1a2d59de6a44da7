/** What a ready-made answer leaves to be filled in: `{{time}}`. */

export interface Gap {
  name: string;
  start: number;
  end: number;
}

/** Returns the gaps of a text, in order. */
export function findGaps(text: string): Gap[] {
  return [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map((match) => ({
    name: (match[1] ?? "").trim(),
    start: match.index,
    end: match.index + match[0].length,
  }));
}
