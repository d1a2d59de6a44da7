import { useState } from "preact/hooks";
import type { RefObject } from "preact";
import type { GuideClose } from "@wire/protocol";
import type { Desk } from "../desk";
import { sv } from "../strings/sv";
import { Options } from "./options";

const MAX_CHARACTERS = 4_000;

type Outcome = NonNullable<GuideClose["outcome"]>;

interface Props {
  desk: Desk;
  conversationId: string;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** What the owner of a conversation can do: answer, let go, end. */
export function Composer({ desk, conversationId, field }: Props) {
  const text = desk.textOf("reply", conversationId);
  const over = [...text].length - MAX_CHARACTERS;
  const about = { conversation_id: conversationId };

  function send(event: Event): void {
    event.preventDefault();
    if (over <= 0) desk.sendText("reply", conversationId);
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
    else if (event.key === "Escape") field.current?.blur();
  }

  return (
    <form class="composer" onSubmit={send}>
      <label for="reply">{sv.reply}</label>
      <textarea
        id="reply"
        ref={field}
        rows={3}
        value={text}
        aria-describedby="reply-hint"
        aria-invalid={over > 0}
        onInput={(event) => desk.write("reply", conversationId, event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <p id="reply-hint" class={over > 0 ? "hint over" : "hint"}>
        {over > 0 ? sv.tooLong(over) : sv.replyHint}
      </p>
      <div class="actions">
        <button type="submit" class="primary">
          {sv.send}
        </button>
        <button type="button" onClick={() => desk.send({ type: "hand_back", ...about })}>
          {sv.handBack}
        </button>
        <button type="button" onClick={() => desk.send({ type: "release", ...about })}>
          {sv.release}
        </button>
        <Ending onEnd={(outcome) => desk.send({ type: "close", ...about, outcome })} />
      </div>
    </form>
  );
}

/** Ending takes two steps, since it cannot be undone. */
function Ending({ onEnd }: { onEnd(outcome: Outcome): void }) {
  const [asking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>("solved");
  if (!asking) {
    return (
      <button type="button" onClick={() => setAsking(true)}>
        {sv.end}
      </button>
    );
  }
  return (
    <div class="ending" role="group" aria-label={sv.end}>
      <label for="outcome">{sv.outcome}</label>
      <select
        id="outcome"
        value={outcome}
        onChange={(event) => setOutcome(event.currentTarget.value as Outcome)}
      >
        <Options of={sv.outcomes} />
      </select>
      <button type="button" class="primary" onClick={() => onEnd(outcome)}>
        {sv.endConversation}
      </button>
      <button type="button" onClick={() => setAsking(false)}>
        {sv.cancel}
      </button>
    </div>
  );
}
