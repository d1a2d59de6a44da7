import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Reject } from "@wire/protocol";
import type { Desk } from "../desk";
import { DRAFT_SOON_MS, urgencyOf } from "../state/promise";
import type { OpenDraft } from "../state/record";
import { textKey, type ConsoleState } from "../state/state";
import { sv } from "../strings/sv";
import { Key } from "./key";
import { Options } from "./options";
import { Panel } from "./panel";
import { minutesAndSeconds, useNow } from "./time";

interface Props {
  open: OpenDraft;
  conversationId: string;
  state: ConsoleState;
  desk: Desk;
}

/** An answer of the assistant that waits for a guide: let through, changed or stopped. */
export function DraftView({ open: { draft, at }, conversationId, state, desk }: Props) {
  const about = { conversation_id: conversationId, draft_id: draft.id };
  const isSent = state.pending.some((each) => "draft_id" in each && each.draft_id === draft.id);
  const close = (): void => desk.open(null);
  const section = useRef<HTMLElement>(null);
  // When the draft is decided the focus has to go somewhere.
  useLayoutEffect(() => {
    const shown = section.current;
    return () => {
      if (shown?.contains(document.activeElement)) document.getElementById("heading")?.focus();
    };
  }, []);
  return (
    <section class="draft" aria-labelledby="draft" ref={section}>
      <div class="draft-top">
        <h3 id="draft">
          <span class="badge" aria-hidden="true">
            AI
          </span>
          {sv.draft}
        </h3>
        {draft.deadline && <Countdown from={at} to={draft.deadline} skewMs={state.skewMs} />}
      </div>
      {state.panel !== "edit" && (
        <p class="text" dir="auto">
          {draft.text}
        </p>
      )}
      {state.panel === "edit" ? (
        <EditPanel
          text={state.texts[textKey("edit", draft.id)] ?? draft.text}
          onWrite={(text) => desk.write("edit", draft.id, text)}
          onSend={() => desk.sendEdit(conversationId, draft.id, draft.text)}
          onClose={close}
        />
      ) : state.panel === "reject" ? (
        <RejectPanel
          onReject={(label, harmful) => desk.send({ type: "reject", ...about, label, harmful })}
          onClose={close}
        />
      ) : (
        <div class="actions">
          <button
            type="button"
            class="primary"
            aria-keyshortcuts="a"
            aria-disabled={isSent}
            onClick={() => !isSent && desk.send({ type: "approve", ...about })}
          >
            {isSent ? sv.sending : sv.approve} <Key of="a" />
          </button>
          <button type="button" aria-keyshortcuts="e" onClick={() => desk.open("edit")}>
            {sv.edit} <Key of="e" />
          </button>
          <button type="button" aria-keyshortcuts="x" onClick={() => desk.open("reject")}>
            {sv.reject} <Key of="x" />
          </button>
        </div>
      )}
    </section>
  );
}

/** How long a guide has; told aloud once, when little is left. */
function Countdown({ from, to, skewMs }: { from: string; to: string; skewMs: number }) {
  const now = useNow() + skewMs;
  const left = Math.max(0, Date.parse(to) - now);
  const urgency = urgencyOf(left, DRAFT_SOON_MS);
  const whole = Date.parse(to) - Date.parse(from);
  return (
    <div class={`countdown ${urgency}`}>
      <span>{sv.decideWithin(minutesAndSeconds(left))}</span>
      <progress max={whole} value={left} aria-hidden="true" />
      <span role="status" class="unseen">
        {urgency === "urgent" ? sv.draftSoonOver : ""}
      </span>
    </div>
  );
}

interface EditProps {
  text: string;
  onWrite(text: string): void;
  onSend(): void;
  onClose(): void;
}

function EditPanel({ text, onWrite, onSend, onClose }: EditProps) {
  return (
    <Panel label={sv.edit} onClose={onClose} onSubmit={onSend} action={sv.sendEdited}>
      <label for="draft-text">{sv.editedText}</label>
      <textarea
        id="draft-text"
        rows={6}
        dir="auto"
        value={text}
        onInput={(event) => onWrite(event.currentTarget.value)}
      />
    </Panel>
  );
}

interface RejectProps {
  onReject(label: Reject["label"], harmful: boolean): void;
  onClose(): void;
}

function RejectPanel({ onReject, onClose }: RejectProps) {
  const [label, setLabel] = useState<Reject["label"]>("wrong_answer");
  const [harmful, setHarmful] = useState(false);
  return (
    <Panel label={sv.reject} onClose={onClose} onSubmit={() => onReject(label, harmful)} action={sv.rejectDraft}>
      <div class="field">
        <label for="draft-label">{sv.rejectReason}</label>
        <select
          id="draft-label"
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value as Reject["label"])}
        >
          <Options of={sv.labels} />
        </select>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={harmful}
          aria-describedby="harmful-hint"
          onChange={(event) => setHarmful(event.currentTarget.checked)}
        />
        {sv.harmful}
      </label>
      <p id="harmful-hint" class="hint">
        {sv.harmfulHint}
      </p>
    </Panel>
  );
}
