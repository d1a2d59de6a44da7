import { useRef, useState } from "preact/hooks";
import type { ConversationSummary } from "@wire/protocol";
import { pages } from "../../strings/pages";
import { useNames } from "../../views/names";
import { Time } from "../../views/time";
import { languageName, stateOf } from "../../views/words";
import { Cell, RowHead, TableView } from "../parts";
import { share } from "../words";
import { byNeed, calmOrder } from "./order";

const t = pages.live;

interface Props {
  conversations: Readonly<Record<string, ConversationSummary>>;
  guideId: string | undefined;
  selected: string | null;
  onLook(conversationId: string): void;
  onTakeOver(conversationId: string): void;
}

/** All conversations that the assistant has; the order stands still while the pointer or the focus is in it. */
export function LiveTable({ conversations, guideId, selected, onLook, onTakeOver }: Props) {
  const [held, hold] = useHold();
  const order = useRef<readonly string[]>([]);
  const wanted = byNeed(Object.values(conversations)).map((each) => each.conversation_id);
  order.current = calmOrder(order.current, wanted, held);
  const shown = order.current.flatMap((id) => conversations[id] ?? []);
  return (
    <div {...hold}>
      {shown.length === 0 ? (
        <p class="nobody">{t.none}</p>
      ) : (
        <TableView name={t.withBot} columns={t.columns}>
          {shown.map((summary) => (
            <LiveRow
              key={summary.conversation_id}
              summary={summary}
              guideId={guideId}
              current={summary.conversation_id === selected}
              onLook={onLook}
              onTakeOver={onTakeOver}
            />
          ))}
        </TableView>
      )}
      {shown.length > 1 && <p class="hint">{t.held}</p>}
    </div>
  );
}

interface RowProps extends Omit<Props, "conversations" | "selected"> {
  summary: ConversationSummary;
  current: boolean;
}

function LiveRow({ summary, guideId, current, onLook, onTakeOver }: RowProps) {
  const { conversation_id: id, opened_at, last_at, confidence, language, service } = summary;
  const { columns } = t;
  const names = useNames();
  const intent = names.intent(summary.intent);
  const left = summary.state !== "bot";
  return (
    <tr role="row" class={left ? "left" : ""} aria-current={current ? "true" : undefined}>
      <RowHead>
        {intent}
        {left && <span class="facts">{t.gone(stateOf(summary, guideId))}</span>}
      </RowHead>
      <Cell label={columns.confidence}>
        {typeof confidence === "number" ? share(confidence) : t.unsure}
      </Cell>
      <Cell label={columns.since}>{opened_at && <Time at={opened_at} />}</Cell>
      <Cell label={columns.last}>{last_at && <Time at={last_at} />}</Cell>
      <Cell label={columns.service}>{service ? names.service(service) : "–"}</Cell>
      <Cell label={columns.language}>{languageName(language)}</Cell>
      <Cell label={columns.action}>
        <span class="actions">
          <button type="button" aria-label={t.lookAt(intent)} onClick={() => onLook(id)}>
            {t.look}
          </button>
          {!left && (
            <button type="button" aria-label={t.takeOverOf(intent)} onClick={() => onTakeOver(id)}>
              {t.takeOver}
            </button>
          )}
        </span>
      </Cell>
    </tr>
  );
}

/** Whether the pointer or the focus is in an element, and what that element needs to tell. */
function useHold() {
  const place = useRef<HTMLDivElement>(null);
  const [pointer, setPointer] = useState(false);
  const [focus, setFocus] = useState(false);
  // A button that is taken away takes the focus with it and tells nobody.
  const holdsFocus = focus && (place.current?.contains(document.activeElement) ?? false);
  const props = {
    ref: place,
    onMouseEnter: () => setPointer(true),
    onMouseLeave: () => setPointer(false),
    onFocusIn: () => setFocus(true),
    onFocusOut: (event: FocusEvent & { currentTarget: HTMLElement }) =>
      setFocus(event.currentTarget.contains(event.relatedTarget as Node | null)),
  };
  return [pointer || holdsFocus, props] as const;
}
