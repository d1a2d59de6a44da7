/** A tried sentence as an address: it stands behind the `#`, which no browser sends. */
import type { TrySentence } from "@wire/protocol";
import { hashOf } from "../../router";

export type Sentence = Required<TrySentence>;

export const NOTHING: Sentence = { text: "", language: "sv", audience: "citizen" };

export function linkOf({ text, language, audience }: Sentence): string {
  return `${hashOf("playground")}/${new URLSearchParams({ text, language, audience })}`;
}

/** Returns the sentence that an address holds; what it leaves out is as at the beginning. */
export function sentenceIn(hash: string): Sentence {
  const start = `${hashOf("playground")}/`;
  const given = new URLSearchParams(hash.startsWith(start) ? hash.slice(start.length) : "");
  return {
    text: given.get("text") ?? NOTHING.text,
    language: given.get("language") ?? NOTHING.language,
    audience: given.get("audience") === "staff" ? "staff" : "citizen",
  };
}
