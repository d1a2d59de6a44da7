import type { ConversationSummary } from "@wire/protocol";
import type { Sections } from "../state/list";
import { sv } from "../strings/sv";
import { minutesAndSeconds, useNow } from "./time";
import { intentOf, languageName, reasonOf, stateOf } from "./words";

interface Props {
  sections: Sections;
  selected: string | null;
  guideId: string | undefined;
  skewMs: number;
  onSelect(conversationId: string): void;
}

/** Who waits: own conversations, drafts to judge, and the queue. */
export function ListView({ sections, selected, guideId, skewMs, onSelect }: Props) {
  const now = useNow() + skewMs;
  const names: [keyof Sections, string][] = [
    ["own", sv.own],
    ["drafts", sv.drafts],
    ["queue", sv.queue],
  ];
  const empty = names.every(([key]) => sections[key].length === 0);
  return (
    <nav class="list" aria-label={sv.conversations}>
      {empty && <p class="nobody">{sv.nobody}</p>}
      {names.map(
        ([key, name]) =>
          sections[key].length > 0 && (
            <section key={key}>
              <h2 id={`list-${key}`}>
                {name} <span class="count">{sections[key].length}</span>
              </h2>
              <ul aria-labelledby={`list-${key}`}>
                {sections[key].map((summary) => (
                  <li key={summary.conversation_id}>
                    <Row
                      summary={summary}
                      guideId={guideId}
                      now={now}
                      current={summary.conversation_id === selected}
                      onSelect={onSelect}
                    />
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
    </nav>
  );
}

interface RowProps {
  summary: ConversationSummary;
  guideId: string | undefined;
  now: number;
  current: boolean;
  onSelect(conversationId: string): void;
}

function Row({ summary, guideId, now, current, onSelect }: RowProps) {
  const urgent = summary.reason === "crisis" ? " urgent" : "";
  return (
    <button
      type="button"
      class={`row${urgent}`}
      data-conversation={summary.conversation_id}
      aria-current={current ? "true" : undefined}
      onClick={() => onSelect(summary.conversation_id)}
    >
      <span class="reason">{reasonOf(summary)}</span>
      <Clock summary={summary} now={now} />
      <span class="intent">{intentOf(summary)}</span>
      <span class="facts">
        {[
          languageName(summary.language),
          sv.audiences[summary.audience],
          stateOf(summary, guideId),
          ...wantedBy(summary),
        ].join(" · ")}
      </span>
    </button>
  );
}

function Clock({ summary, now }: { summary: ConversationSummary; now: number }) {
  const { state, waiting_since, draft_deadline } = summary;
  if (state === "waiting" && waiting_since) {
    return (
      <span class="clock">
        {sv.waited} {minutesAndSeconds(now - Date.parse(waiting_since))}
      </span>
    );
  }
  if (state !== "bot" || !draft_deadline) return null;
  return (
    <span class="clock">
      {sv.decideWithin} {minutesAndSeconds(Date.parse(draft_deadline) - now)}
    </span>
  );
}

function wantedBy({ wanted_guide, wanted_service }: ConversationSummary): string[] {
  const wanted = wanted_guide ?? wanted_service;
  return wanted ? [sv.wanted(wanted)] : [];
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
