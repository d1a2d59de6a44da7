/** Keys of the inbox: what they do, by name. */
export interface Doings {
  right(): void;
  faq(): void;
  newFaq(): void;
  outOfScope(): void;
  skip(): void;
  undo(): void;
  whole(): void;
  tick(): unknown;
  move(by: 1 | -1): void;
  context(): unknown;
}

/** Returns the keys with what they do, as `runKey` takes them. */
export function keysOf(doings: Doings): Record<string, () => void> {
  return {
    "1": doings.right,
    r: doings.right,
    f: doings.faq,
    n: doings.newFaq,
    o: doings.outOfScope,
    s: doings.skip,
    z: doings.undo,
    a: doings.whole,
    x: doings.tick,
    j: () => doings.move(1),
    k: () => doings.move(-1),
    c: doings.context,
  };
}
