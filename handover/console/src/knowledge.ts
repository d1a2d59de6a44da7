/** What is looked up beside a conversation; an answer is kept for as long as one is signed in. */
import { useEffect, useState } from "preact/hooks";
import { Refused } from "@wire/http";
import { get, post, sentenceOf, wasAborted, type Params } from "./api";

const AGAIN_MS = 5_000;
/** Asked with what a citizen wrote, which is to stand in no address. */
const IN_BODY = new Set(["catalogue/search"]);

export class Knowledge {
  private readonly answers = new Map<string, unknown>();

  /** Returns what is kept, or null. */
  find<T>(path: string, params: Params = {}): T | null {
    return (this.answers.get(keyOf(path, params)) as T | undefined) ?? null;
  }

  /** Asks the server, once for each question; throws what `get` throws. */
  async ask<T>(path: string, params: Params, signal: AbortSignal): Promise<T> {
    const ask = IN_BODY.has(path) ? post : get;
    const answer = this.find<T>(path, params) ?? (await ask<T>(path, params, signal));
    this.answers.set(keyOf(path, params), answer);
    return answer;
  }
}

function keyOf(path: string, params: Params): string {
  return JSON.stringify([path, params]);
}

export interface Known<T> {
  /** Null until it has come. */
  answer: T | null;
  /** Why it has not come, or "". */
  problem: string;
  retry(): void;
}

/**
 * Looks something up, anew when the question changes; a null path asks nothing.
 *
 * A server that did not answer is asked again by itself, one that refused only when `retry` is called.
 */
export function useKnown<T>(
  knowledge: Knowledge,
  path: string | null,
  params: Params = {},
): Known<T> {
  const key = path === null ? "" : keyOf(path, params);
  const [told, setTold] = useState({ key: "", answer: null as T | null, problem: "" });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const giveUp = new AbortController();
    let again: ReturnType<typeof setTimeout> | undefined;
    knowledge.ask<T>(path, params, giveUp.signal).then(
      (answer) => setTold({ key, answer, problem: "" }),
      (error: unknown) => {
        if (wasAborted(error)) return;
        setTold({ key, answer: null, problem: sentenceOf(error) });
        if (!(error instanceof Refused)) again = setTimeout(() => setTries(tries + 1), AGAIN_MS);
      },
    );
    return () => {
      giveUp.abort();
      clearTimeout(again);
    };
  }, [knowledge, key, tries]);
  const isTold = told.key === key;
  const kept = path === null ? null : knowledge.find<T>(path, params);
  return {
    answer: kept ?? (isTold ? told.answer : null),
    problem: isTold ? told.problem : "",
    retry: () => setTries(tries + 1),
  };
}
