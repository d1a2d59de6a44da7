/** The inbox with its server: labels are sent as they are given, texts are held while they are looked at. */
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { Refused } from "@wire/http";
import type { Label, LabelTexts } from "@wire/protocol";
import { sentenceOf } from "../../api";
import { inbox as t } from "../../strings/inbox";
import { findPage, hold, propose, sendLabel, sendUndo } from "./requests";
import { countTexts, findMeant, keysAhead, NOTHING_READ, step, type Inboxing } from "./state";

/** More is fetched when only so many texts are left that are free. */
const FEW = 20;
/** So many groups are kept from colleagues: the one that is looked at, and those that come next. */
const HELD_AHEAD = 3;
const MOST_HELD = 50;
/** What the server says of texts that a colleague has labelled, or that are not there any more. */
const GONE = new Set(["miss_labelled", "miss_unknown"]);
/** Well before the server's 45 seconds are over. */
const RENEW_MS = 20_000;

export interface Work {
  state: Inboxing;
  /** What went well, to be read out. */
  said: string;
  go(key: string): void;
  move(by: 1 | -1): void;
  whole(): void;
  tick(key: string): void;
  label(label: Label, more?: Pick<LabelTexts, "faq" | "name">): void;
  undo(): void;
  propose(): void;
}

export function useInbox(): Work {
  const [state, take] = useReducer(step, NOTHING_READ);
  const [said, setSaid] = useState("");
  /** What was sent, by act; an undo waits for its label. */
  const sent = useRef(new Map<string, Promise<unknown>>());

  function read(): void {
    findPage().then(
      (page) => take({ type: "read", page }),
      (error: unknown) => take({ type: "unread", sentence: sentenceOf(error) }),
    );
  }

  useEffect(read, []);

  const { free, fetched } = countTexts(state);
  const wantsMore = state.groups !== null && free <= FEW && state.total > fetched;
  useEffect(() => {
    if (wantsMore) read();
  }, [wantsMore, fetched]);

  const ahead = keysAhead(state, HELD_AHEAD, MOST_HELD);
  useHold(ahead, read);

  function label(given: Label, more: Pick<LabelTexts, "faq" | "name"> = {}): void {
    const meant = findMeant(state);
    const [first, ...rest] = meant?.texts.map(({ key, version }) => ({ key, version })) ?? [];
    if (meant === null || first === undefined) return;
    const id = crypto.randomUUID();
    take({ type: "label", act: { id, ...meant } });
    setSaid(t.said(t.labels[given], meant.texts.length));
    const sending = sendLabel({ id, label: given, ...more, texts: [first, ...rest] });
    sent.current.set(id, sending);
    sending.catch((error: unknown) => {
      setSaid("");
      const gone = error instanceof Refused && GONE.has(error.code);
      take({ type: "back", id, sentence: sentenceOf(error), gone });
      read();
    });
  }

  function undo(): void {
    const last = state.acts.at(-1);
    if (last === undefined) return;
    take({ type: "back", id: last.id, sentence: "" });
    setSaid(t.undone);
    const undone = Promise.resolve(sent.current.get(last.id)).then(() => sendUndo(last.id));
    undone.catch((error: unknown) => {
      setSaid("");
      take({ type: "refused", sentence: sentenceOf(error) });
      read();
    });
  }

  function sendExamples(): void {
    propose().then(
      ({ examples }) => {
        setSaid(t.proposed(examples));
        read();
      },
      (error: unknown) => take({ type: "refused", sentence: sentenceOf(error) }),
    );
  }

  return {
    state,
    said,
    go: (key) => take({ type: "go", key }),
    move: (by) => take({ type: "move", by }),
    whole: () => take({ type: "whole" }),
    tick: (key) => take({ type: "tick", key }),
    label,
    undo,
    propose: sendExamples,
  };
}

/** Keeps texts for oneself as long as they are looked at; reads anew when a colleague has one, and now and then. */
function useHold(keys: readonly string[], read: () => void): void {
  const name = keys.join(" ");
  const latest = useRef(keys);
  latest.current = keys;

  function renew(): void {
    const wanted = latest.current;
    if (wanted.length === 0) return;
    // A hold that was not had, or not answered, is no reason to stop: the label says so if it matters.
    hold(wanted).then(
      ({ texts }) => {
        if (texts.length < wanted.length) read();
      },
      () => undefined,
    );
  }

  useEffect(renew, [name]);
  useEffect(() => {
    const timer = setInterval(() => {
      renew();
      read();
    }, RENEW_MS);
    return () => {
      clearInterval(timer);
      hold([]).catch(() => undefined);
    };
  }, []);
}
