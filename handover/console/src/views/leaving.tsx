import { useState } from "preact/hooks";
import type { ConversationSummary, GuideClose } from "@wire/protocol";
import type { Desk } from "../desk";
import { sv } from "../strings/sv";
import { Options } from "./options";
import { Panel } from "./panel";

type Outcome = NonNullable<GuideClose["outcome"]>;

interface Props {
  desk: Desk;
  summary: ConversationSummary;
}

/** Gives the conversation back to the assistant, with a note for it or without. */
export function HandBackPanel({ desk, summary: { conversation_id } }: Props) {
  const note = desk.textOf("hand_back", conversation_id);
  const close = (): void => desk.open(null);
  const send = (): void =>
    desk.send({ type: "hand_back", conversation_id, note: note.trim() || null });
  return (
    <Panel label={sv.handBack} onClose={close} onSubmit={send} action={sv.handBackNow}>
      <label for="hand-back-note">{sv.handBackNote}</label>
      <textarea
        id="hand-back-note"
        rows={2}
        value={note}
        aria-describedby="hand-back-hint"
        onInput={(event) => desk.write("hand_back", conversation_id, event.currentTarget.value)}
      />
      <p id="hand-back-hint" class="hint">
        {sv.handBackHint}
      </p>
    </Panel>
  );
}

/** Ending takes two steps, since it cannot be undone. */
export function EndPanel({ desk, summary: { conversation_id } }: Props) {
  const [outcome, setOutcome] = useState<Outcome>("solved");
  const close = (): void => desk.open(null);
  return (
    <Panel
      label={sv.end}
      onClose={close}
      onSubmit={() => desk.send({ type: "close", conversation_id, outcome })}
      action={sv.endConversation}
    >
      <div class="field">
        <label for="outcome">{sv.outcome}</label>
        <select
          id="outcome"
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value as Outcome)}
        >
          <Options of={sv.outcomes} />
        </select>
      </div>
    </Panel>
  );
}
