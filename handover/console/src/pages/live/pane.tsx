import { useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationSummary } from "@wire/protocol";
import type { Desk } from "../../desk";
import { pages } from "../../strings/pages";
import type { ConsoleState } from "../../state/state";
import { useNames } from "../../views/names";
import { ProblemView } from "../../views/problem";
import { TranscriptView } from "../../views/transcript";
import { WhisperView } from "../../views/whisper";
import { intentOf, stateOf } from "../../views/words";

const t = pages.live;

interface Props {
  state: ConsoleState;
  desk: Desk;
  summary: ConversationSummary;
  onTakeOver(conversationId: string): void;
  onClose(): void;
}

/** A look at one conversation: its transcript, taking it over, and a word to the guide who has it. */
export function PaneView({ state, desk, summary, onTakeOver, onClose }: Props) {
  const names = useNames();
  const id = summary.conversation_id;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), [id]);
  return (
    <section class="pane" aria-labelledby="pane">
      <div class="pane-head">
        <h3 id="pane" ref={heading} tabIndex={-1}>
          {intentOf(summary, names)}
        </h3>
        <p class="facts">{stateOf(summary, state.guide?.id)}</p>
        <p class="actions">
          {summary.state === "bot" && (
            <button type="button" class="primary" onClick={() => onTakeOver(id)}>
              {t.takeOver}
            </button>
          )}
          <button type="button" onClick={onClose}>
            {t.close}
          </button>
        </p>
      </div>
      <TranscriptView
        events={state.records[id] ?? []}
        summary={summary}
        typing={state.typing[id] ?? null}
        pending={state.pending}
      />
      <ProblemView state={state} />
      {summary.state === "guide" && summary.owner_id !== state.guide?.id && (
        <WhisperView desk={desk} conversationId={id} />
      )}
    </section>
  );
}
