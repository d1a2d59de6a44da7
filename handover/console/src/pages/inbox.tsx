import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Label } from "@wire/protocol";
import { runKey } from "../keys";
import { inbox as t } from "../strings/inbox";
import { sv } from "../strings/sv";
import { isWanted } from "../wishes";
import "../styles/inbox.css";
import { ChooseFaq, ChooseName } from "./inbox/choose";
import { ContextView } from "./inbox/context";
import { Faqs } from "./inbox/faqs";
import { keysOf, type Doings } from "./inbox/keys";
import { LabelsView } from "./inbox/labels";
import { GroupsView, TextsView, titleOf } from "./inbox/list";
import { findFaqs } from "./inbox/requests";
import { countDone, findCurrent, findMeant, type Inboxing } from "./inbox/state";
import { TextView } from "./inbox/text";
import { useInbox } from "./inbox/work";
import { useLoaded } from "./loaded";
import type { PageProps } from "./page";
import { ProblemView, SaidView } from "./parts";
import { can } from "./words";

/** What the assistant missed, to be labelled one text or one group at a time, by keyboard alone. */
export default function InboxPage({ state: signedIn }: PageProps) {
  const work = useInbox();
  const { state } = work;
  const [choosing, setChoosing] = useState<"faq" | "new_faq" | null>(null);
  const [inContext, setInContext] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const known = useLoaded(findFaqs, []);
  const faqs = useMemo(() => new Faqs(known.value), [known.value]);
  const current = findCurrent(state);
  const mayRead = can(signedIn, "desk");
  const done = countDone(state);

  function label(given: Label): void {
    if (given === "faq" || given === "new_faq") setChoosing(current && given);
    else work.label(given);
  }

  function chosen(given: Label, more: { faq?: string; name?: string }): void {
    setChoosing(null);
    work.label(given, more);
    heading.current?.focus();
  }

  function cancel(): void {
    setChoosing(null);
    heading.current?.focus();
  }

  useKeys({
    right: () => label("right"),
    faq: () => label("faq"),
    newFaq: () => label("new_faq"),
    outOfScope: () => label("out_of_scope"),
    skip: () => label("skip"),
    undo: work.undo,
    whole: work.whole,
    tick: () => state.whole && current && work.tick(current.text.key),
    move: work.move,
    context: () => mayRead && setInContext(!inContext),
  });
  useFocusOnNext(heading, state.current);

  return (
    <main class="page inbox">
      <h2>{sv.pages.inbox}</h2>
      <p>{t.explained}</p>
      <p class="progress">
        {state.groups !== null && t.progress(done, done + state.total)}
        {state.waiting > 0 && (
          <>
            {" "}
            {t.waiting(state.waiting)}{" "}
            <button type="button" onClick={work.propose}>
              {t.propose}
            </button>
          </>
        )}
      </p>
      <ProblemView sentence={state.problem || state.unread || known.problem} />
      <SaidView sentence={work.said} />
      {state.groups === null && state.unread === "" && <p>{sv.loading}</p>}
      {state.groups !== null && current === null && (
        <p class="nobody">{nothingToShow(state)}</p>
      )}
      {current !== null && state.groups !== null && (
        <div class="reviewing">
          <GroupsView groups={state.groups} current={current.group} faqs={faqs} onGo={work.go} />
          <article aria-labelledby="inbox-text">
            <h3 id="inbox-text" ref={heading} tabIndex={-1}>
              {t.heading(
                current.group.texts.indexOf(current.text) + 1,
                current.group.texts.length,
                titleOf(current.group, faqs),
              )}
            </h3>
            <TextView group={current.group} text={current.text} faqs={faqs} />
            {mayRead && (
              <button
                type="button"
                aria-expanded={inContext}
                aria-keyshortcuts="c"
                onClick={() => setInContext(!inContext)}
              >
                {t.context} <kbd aria-hidden="true">c</kbd>
              </button>
            )}
            {mayRead && inContext && <ContextView text={current.text} />}
            <TextsView
              group={current.group}
              current={current.text.key}
              whole={state.whole}
              left={state.left}
              onGo={work.go}
              onTick={work.tick}
              onWhole={work.whole}
            />
            <section class="verdicts" aria-label={t.label}>
              {choosing === "faq" && (
                <ChooseFaq
                  faqs={faqs}
                  likely={current.group.suggestions}
                  onPick={(faq) => chosen("faq", { faq })}
                  onCancel={cancel}
                />
              )}
              {choosing === "new_faq" && (
                <ChooseName
                  name={current.group.name}
                  onSave={(name) => chosen("new_faq", { name })}
                  onCancel={cancel}
                />
              )}
              {choosing === null && (
                <LabelsView
                  count={findMeant(state)?.texts.length ?? 0}
                  mayUndo={state.acts.length > 0}
                  onLabel={label}
                  onUndo={work.undo}
                />
              )}
            </section>
          </article>
        </div>
      )}
    </main>
  );
}

/** Why there is no text: all is labelled, colleagues have the rest, or more is on its way. */
function nothingToShow({ groups, total }: Inboxing): string {
  if (groups !== null && groups.length > 0) return t.allHeld;
  return total > 0 ? sv.loading : t.empty;
}

/** Listens for the keys of the page; the next key finds what the last one has drawn, however soon it comes. */
function useKeys(doings: Doings): void {
  const latest = useRef(doings);
  latest.current = doings;
  useEffect(() => {
    if (!isWanted("shortcuts")) return;
    const listen = (event: KeyboardEvent): void => runKey(event, keysOf(latest.current));
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

/** The next text is read from its beginning; nobody labels it by pressing the same button twice. */
function useFocusOnNext(heading: { current: HTMLElement | null }, current: string | null): void {
  const before = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (before.current !== null && current !== null) heading.current?.focus();
    before.current = current;
  }, [current]);
}
