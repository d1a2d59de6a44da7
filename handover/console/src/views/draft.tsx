import { useState } from "preact/hooks";
import type { Draft, Reject } from "@wire/protocol";
import type { Desk } from "../desk";
import { sv } from "../strings/sv";
import { Options } from "./options";

interface Props {
  draft: Draft;
  conversationId: string;
  desk: Desk;
}

/** An answer of the assistant that waits for a guide: let through, changed or stopped. */
export function DraftView({ draft, conversationId, desk }: Props) {
  const [mode, setMode] = useState<"read" | "edit" | "reject">("read");
  const [text, setText] = useState(draft.text);
  const [label, setLabel] = useState<Reject["label"]>("wrong_answer");
  const about = { conversation_id: conversationId, draft_id: draft.id };
  const read = (): void => setMode("read");

  return (
    <section class="draft" aria-labelledby="draft">
      <h3 id="draft">
        <span class="badge" aria-hidden="true">
          AI
        </span>
        {sv.draft}
      </h3>
      {mode !== "edit" && <p class="text">{draft.text}</p>}
      {mode === "read" && (
        <div class="actions">
          <button
            type="button"
            class="primary"
            onClick={() => desk.send({ type: "approve", ...about })}
          >
            {sv.approve}
          </button>
          <button type="button" onClick={() => setMode("edit")}>
            {sv.edit}
          </button>
          <button type="button" onClick={() => setMode("reject")}>
            {sv.reject}
          </button>
        </div>
      )}
      {mode === "edit" && (
        <>
          <label for="draft-text">{sv.editedText}</label>
          <textarea
            id="draft-text"
            rows={5}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <div class="actions">
            <button
              type="button"
              class="primary"
              onClick={() => desk.send({ type: "edit", ...about, text })}
            >
              {sv.sendEdited}
            </button>
            <button type="button" onClick={read}>
              {sv.cancel}
            </button>
          </div>
        </>
      )}
      {mode === "reject" && (
        <div class="actions">
          <label for="draft-label">{sv.rejectReason}</label>
          <select
            id="draft-label"
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value as Reject["label"])}
          >
            <Options of={sv.labels} />
          </select>
          <button
            type="button"
            class="primary"
            onClick={() => desk.send({ type: "reject", ...about, label })}
          >
            {sv.rejectDraft}
          </button>
          <button type="button" onClick={read}>
            {sv.cancel}
          </button>
        </div>
      )}
    </section>
  );
}
