import { useRef } from "preact/hooks";
import type { ConversationSummary } from "@wire/protocol";
import type { Desk } from "../desk";
import { findGaps, type Gap } from "../state/gaps";
import { pastDraftIds } from "../state/record";
import type { ConsoleState } from "../state/state";
import { sv } from "../strings/sv";
import { CannedPanel } from "./canned";
import { EndPanel, HandBackPanel } from "./leaving";
import { Opener } from "./opener";
import { TransferPanel } from "./transfer";

const MAX_CHARACTERS = 4_000;

interface Props {
  desk: Desk;
  state: ConsoleState;
  summary: ConversationSummary;
}

/** What the owner of a conversation can do: answer, let go, end. */
export function Composer({ desk, state, summary }: Props) {
  const { conversation_id } = summary;
  const field = useRef<HTMLTextAreaElement>(null);
  const text = desk.textOf("reply", conversation_id);
  const over = [...text].length - MAX_CHARACTERS;
  const gaps = findGaps(text);
  const close = (): void => desk.open(null);

  function mark({ start, end }: Gap): void {
    field.current?.focus();
    field.current?.setSelectionRange(start, end);
  }

  function send(event: Event): void {
    event.preventDefault();
    if (over <= 0) desk.sendText("reply", conversation_id);
    const [gap] = gaps;
    if (gap) mark(gap);
    else field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
    else if (event.key === "Escape") field.current?.blur();
    else if (event.key === "/" && text === "") {
      event.preventDefault();
      desk.open("canned");
    }
  }

  return (
    <div class="composing">
      {state.panel === "canned" && (
        <CannedPanel desk={desk} summary={summary} reply={field} onClose={close} />
      )}
      {state.panel === "transfer" && <TransferPanel desk={desk} state={state} summary={summary} />}
      {state.panel === "hand_back" && <HandBackPanel desk={desk} summary={summary} />}
      {state.panel === "end" && <EndPanel desk={desk} summary={summary} />}
      <KeptEdit desk={desk} state={state} conversationId={conversation_id} />
      <form class="composer" onSubmit={send}>
        <label for="reply">{sv.reply}</label>
        <textarea
          id="reply"
          ref={field}
          rows={3}
          value={text}
          dir="auto"
          aria-describedby="reply-hint"
          aria-invalid={over > 0 || gaps.length > 0}
          onInput={(event) => desk.write("reply", conversation_id, event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <p id="reply-hint" class={over > 0 ? "hint over" : "hint"}>
          {over > 0 ? sv.tooLong(over) : sv.replyHint}
        </p>
        {gaps.length > 0 && (
          <div class="gaps" role="group" aria-label={sv.gaps}>
            <span>{sv.gaps}</span>
            {gaps.map((gap) => (
              <button key={gap.start} type="button" class="gap" onClick={() => mark(gap)}>
                {`{{${gap.name}}}`}
              </button>
            ))}
          </div>
        )}
        <div class="actions">
          <button type="submit" class="primary">
            {sv.send}
          </button>
          <Opener desk={desk} panel="canned" of="/" open={state.panel} />
        </div>
      </form>
    </div>
  );
}

interface KeptEditProps {
  desk: Desk;
  state: ConsoleState;
  conversationId: string;
}

/** Offers what a guide wrote in a draft that was decided before it could be sent. */
function KeptEdit({ desk, state, conversationId }: KeptEditProps) {
  const past = pastDraftIds(state.records[conversationId] ?? []);
  const draftId = past.findLast((id) => desk.textOf("edit", id) !== "");
  if (draftId === undefined) return null;
  const drop = (): void => desk.drop("edit", draftId);
  return (
    <div class="kept">
      <p>{sv.keptEdit}</p>
      <div class="actions">
        <button
          type="button"
          onClick={() => {
            desk.insert(conversationId, desk.textOf("edit", draftId));
            drop();
          }}
        >
          {sv.insert}
        </button>
        <button type="button" onClick={drop}>
          {sv.throwAway}
        </button>
      </div>
    </div>
  );
}
