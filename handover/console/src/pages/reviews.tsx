import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Level, ReviewItem } from "@wire/protocol";
import { Refused } from "@wire/http";
import { sentenceOf } from "../api";
import { runKey } from "../keys";
import { pages } from "../strings/pages";
import { sv } from "../strings/sv";
import { Options } from "../views/options";
import { isWanted } from "../wishes";
import type { PageProps } from "./page";
import { ProblemView, SaidView } from "./parts";
import { findReviews, judge as sendVerdict } from "./requests";
import { ItemView } from "./review/item";
import { keysOf } from "./review/keys";
import { countJudged, findCurrent, keyOf, NOTHING_READ, review, type Judgement } from "./review/state";
import { VerdictsView } from "./review/verdicts";

/** So many are fetched at a time, and more when only so few are left. */
const FETCHED = 50;
const FEW = 10;
/** What the server says of an item that a colleague has judged, or that is not there any more. */
const GONE = new Set(["review_done", "item_unknown", "conversation_unknown"]);

const t = pages.review;

/** Answers of the assistant to judge, one at a time, by keyboard alone. */
export default function ReviewsPage(_: PageProps) {
  const [state, step] = useReducer(review, NOTHING_READ);
  const [level, setLevel] = useState<Level | "">("");
  const [said, setSaid] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const current = findCurrent(state);

  function read(): void {
    findReviews(level, FETCHED).then(
      (list) => step({ type: "read", list }),
      (error: unknown) => step({ type: "failed", sentence: sentenceOf(error) }),
    );
  }

  useEffect(read, [level]);

  const shown = state.items?.length ?? 0;
  const wantsMore = state.items !== null && shown <= FEW && state.total > shown;
  useEffect(() => {
    if (wantsMore) read();
  }, [wantsMore]);

  function judge(item: ReviewItem, judgement: Judgement): void {
    step({ type: "judge", item, judgement });
    setSaid(t.said(t.verdicts[judgement.harmful ? "harmful" : judgement.verdict]));
    const verdict = { id: crypto.randomUUID(), item: item.item, ...judgement };
    sendVerdict(item.conversation_id, verdict).catch((error: unknown) => {
      setSaid("");
      step({
        type: "refused",
        item,
        sentence: sentenceOf(error),
        gone: error instanceof Refused && GONE.has(error.code),
      });
    });
  }

  useEffect(() => {
    if (!isWanted("shortcuts")) return;
    const keys = keysOf(
      (judgement) => current && judge(current, judgement),
      (by) => step({ type: "move", by }),
    );
    const listen = (event: KeyboardEvent): void => {
      runKey(event, keys);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [current]);

  useFocusOnNext(heading, state.current);

  return (
    <main class="page reviews">
      <h2>{sv.pages.reviews}</h2>
      <p>{t.explained}</p>
      <div class="filter">
        <label>
          {pages.rollout.level}
          <select
            value={level}
            onChange={(event) => setLevel(event.currentTarget.value as Level | "")}
          >
            <Options of={{ "": t.everyLevel, ...pages.rollout.levels }} />
          </select>
        </label>
        <p>{countsOf(state)}</p>
      </div>
      <ProblemView sentence={state.problem} />
      <SaidView sentence={said} />
      {state.items === null && state.problem === "" && <p>{sv.loading}</p>}
      {state.items?.length === 0 && state.problem === "" && <p class="nobody">{t.empty}</p>}
      {current && state.items && (
        <div class="reviewing">
          <nav aria-label={t.list}>
            <ol>
              {state.items.map((item) => (
                <li key={keyOf(item)}>
                  <button
                    type="button"
                    class="row"
                    aria-current={item === current ? "true" : undefined}
                    onClick={() => step({ type: "go", item })}
                  >
                    <span class="reason">{item.question || t.noQuestion}</span>
                    <span class="facts">{pages.rollout.levels[item.level]}</span>
                  </button>
                </li>
              ))}
            </ol>
          </nav>
          <article aria-labelledby="review-item">
            <h3 id="review-item" ref={heading} tabIndex={-1}>
              {t.position(state.items.indexOf(current) + 1, state.items.length)}
            </h3>
            <ItemView key={keyOf(current)} item={current} />
            <VerdictsView onJudge={(judgement) => judge(current, judgement)} />
          </article>
        </div>
      )}
    </main>
  );
}

function countsOf(state: Parameters<typeof countJudged>[0]): string {
  const counts = countJudged(state);
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  const total = told.reduce((sum, [, count]) => sum + count, 0);
  const left = state.items === null ? [] : [t.left(state.total)];
  if (total === 0) return left.join("");
  const names = told.map(([verdict, count]) => `${count} ${nameOf(verdict)}`).join(", ");
  return [...left, `${t.judged(total)}: ${names}`].join(" · ");
}

function nameOf(verdict: string): string {
  return t.verdicts[verdict as keyof typeof t.verdicts].toLowerCase();
}

/** The next item is read from its beginning; nobody judges it by pressing the same button twice. */
function useFocusOnNext(heading: { current: HTMLElement | null }, current: string | null): void {
  const before = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (before.current !== null && current !== null) heading.current?.focus();
    before.current = current;
  }, [current]);
}
