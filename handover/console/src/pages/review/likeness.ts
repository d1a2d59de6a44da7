/** How alike two answers are: word by word, and in plain words. */
import { diffWordsWithSpace } from "diff";

/** A piece of a text; `only` tells that the other text does not have it. */
export interface Piece {
  text: string;
  only: boolean;
}

/** Longer is not worth a reader's wait: then nothing is marked. */
const LONGEST_MS = 100;
const ALIKE = 0.8;
const PARTLY = 0.5;

/** Returns both texts in pieces, those marked that only one of them has. */
export function compare(one: string, other: string): { one: Piece[]; other: Piece[] } {
  const changes = diffWordsWithSpace(one, other, { timeout: LONGEST_MS });
  if (changes === undefined) {
    return { one: [{ text: one, only: false }], other: [{ text: other, only: false }] };
  }
  return {
    one: changes.flatMap(({ value, added, removed }) =>
      added ? [] : [{ text: value, only: removed }],
    ),
    other: changes.flatMap(({ value, added, removed }) =>
      removed ? [] : [{ text: value, only: added }],
    ),
  };
}

/** Names an agreement of 0 to 1. */
export function likenessOf(agreement: number): "alike" | "partly" | "unlike" {
  if (agreement >= ALIKE) return "alike";
  return agreement >= PARTLY ? "partly" : "unlike";
}
