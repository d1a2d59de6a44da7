import type { ConversationSummary } from "@wire/protocol";
import { sectionsOf, type Sections } from "../state/list";
import { DRAFT_SOON_MS, leftOfPromise, urgencyOf, type Urgency } from "../state/promise";
import { findLastMessage } from "../state/record";
import type { ConsoleState } from "../state/state";
import { sv } from "../strings/sv";
import { useNames, type Names } from "./names";
import { minutesAndSeconds, Time, useNow } from "./time";
import { intentOf, languageName, reasonOf } from "./words";

interface Props {
  state: ConsoleState;
  onSelect(conversationId: string): void;
}

const SECTIONS: readonly (keyof Sections)[] = ["own", "drafts", "queue"];

/** Who waits: own conversations, drafts to judge, and the queue. */
export function ListView({ state, onSelect }: Props) {
  const now = useNow() + state.skewMs;
  const sections = sectionsOf(state);
  const empty = SECTIONS.every((key) => sections[key].length === 0);
  return (
    <nav class="list" aria-label={sv.conversations}>
      {empty && <p class="nobody">{sv.nobody}</p>}
      {SECTIONS.map(
        (key) =>
          sections[key].length > 0 && (
            <section key={key}>
              <h2 id={`list-${key}`}>
                {sv.sections[key]} <span class="count">{sections[key].length}</span>
              </h2>
              <ul aria-labelledby={`list-${key}`}>
                {sections[key].map((summary) => (
                  <li key={summary.conversation_id}>
                    <Row summary={summary} state={state} now={now} onSelect={onSelect} />
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
    </nav>
  );
}

interface RowProps extends Props {
  summary: ConversationSummary;
  now: number;
}

function Row({ summary, state, now, onSelect }: RowProps) {
  const names = useNames();
  const { conversation_id: id, service } = summary;
  const last = summary.state === "guide" ? findLastMessage(state.records[id] ?? []) : null;
  const marks = marksOf(summary, state, names);
  const facts = [
    ...(service ? [names.service(service)] : []),
    languageName(summary.language),
    sv.audiences[summary.audience],
  ];
  return (
    <button
      type="button"
      class={`row${summary.reason === "crisis" ? " crisis" : ""}`}
      data-conversation={id}
      aria-current={id === state.selected ? "true" : undefined}
      onClick={() => onSelect(id)}
    >
      <span class="reason">{reasonOf(summary)}</span>
      <Clock summary={summary} now={now} promiseSeconds={state.promiseSeconds} />
      <span class="intent">{intentOf(summary, names)}</span>
      <span class="facts">{facts.join(" · ")}</span>
      {last && (
        <span class="preview" dir="auto">
          {last.text}
        </span>
      )}
      {marks.length > 0 && (
        <span class="marks">
          {marks.map((mark) => (
            <span key={mark} class="mark">
              {mark}
            </span>
          ))}
        </span>
      )}
    </button>
  );
}

interface ClockProps {
  summary: ConversationSummary;
  now: number;
  promiseSeconds: number;
}

/** How long there is left of the promise, or of a draft's time; in words, and in colour. */
function Clock({ summary, now, promiseSeconds }: ClockProps) {
  const { state, waiting_since, draft_deadline } = summary;
  if (state === "waiting" && waiting_since) {
    const left = leftOfPromise(waiting_since, now, promiseSeconds);
    return (
      <span class="clock">
        <Left ms={left} urgency={urgencyOf(left)} />
        <span class="since">
          {sv.since} <Time at={waiting_since} />
        </span>
      </span>
    );
  }
  if (state !== "bot" || !draft_deadline) return null;
  const left = Date.parse(draft_deadline) - now;
  return (
    <span class="clock">
      <Left ms={left} urgency={urgencyOf(left, DRAFT_SOON_MS)} />
    </span>
  );
}

function Left({ ms, urgency }: { ms: number; urgency: Urgency }) {
  return <span class={`left ${urgency}`}>{sv.left[urgency](minutesAndSeconds(Math.abs(ms)))}</span>;
}

/** What sets a row apart: new messages, whom it is meant for, that it has been in hands before. */
function marksOf(summary: ConversationSummary, state: ConsoleState, names: Names): string[] {
  const { wanted_guide, wanted_service, wanted_language, returned } = summary;
  const unread = state.unread[summary.conversation_id] ?? 0;
  if (summary.state !== "waiting") return unread > 0 ? [sv.unread(unread)] : [];
  const marks: string[] = [];
  if (wanted_guide && wanted_guide === state.guide?.id) marks.push(sv.wantedYou);
  else if (wanted_guide) marks.push(sv.wanted(nameOf(state, wanted_guide)));
  if (wanted_service) marks.push(sv.wanted(names.service(wanted_service)));
  if (wanted_language) marks.push(sv.wanted(languageName(wanted_language)));
  if (returned === "lost_connection") marks.push(sv.backByLostConnection);
  else if (returned && marks.length === 0) marks.push(sv.backInQueue);
  return marks;
}

function nameOf({ guides }: ConsoleState, id: string): string {
  return guides.find((guide) => guide.id === id)?.name ?? sv.colleague;
}

/** Moves the focus `step` rows on in the list, from the row that has it or is open. */
export function moveInList(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-conversation]")];
  const focused = rows.findIndex((row) => row === document.activeElement);
  const current = rows.findIndex((row) => row.ariaCurrent === "true");
  const from = focused >= 0 ? focused : current;
  const to = from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + step));
  rows[to]?.focus();
}

/** Returns the conversation whose row has the focus, or null. */
export function rowInFocus(): string | null {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement ? (activeElement.dataset.conversation ?? null) : null;
}
