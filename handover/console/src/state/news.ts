/** What a guide may want to be told of: by a sound, or by the system while the page is not looked at. */
import { isOwn, sectionsOf } from "./list";
import type { ConsoleState } from "./state";

export type NewsKind = "waiting" | "draft" | "mine" | "message";

export interface News {
  kind: NewsKind;
  conversationId: string;
}

/** Returns what is new in `after`; nothing at the first welcome, when all is. */
export function newsOf(before: ConsoleState, after: ConsoleState): News[] {
  if (before.openedAtMs === null) return [];
  const was = idsOf(before);
  const is = idsOf(after);
  return [
    ...added(was.queue, is.queue).map((id) => told("waiting", id)),
    ...added(was.drafts, is.drafts).map((id) => told("draft", id)),
    ...added(was.own, is.own)
      .filter((id) => !hasAsked(before, id))
      .map((id) => told("mine", id)),
    ...messagesOf(before, after),
  ];
}

function idsOf(state: ConsoleState) {
  const { own, drafts, queue } = sectionsOf(state);
  const ids = (list: typeof own): string[] => list.map((each) => each.conversation_id);
  return { own: ids(own), drafts: ids(drafts), queue: ids(queue) };
}

function added(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((id) => !before.includes(id));
}

function told(kind: NewsKind, conversationId: string): News {
  return { kind, conversationId };
}

/** What one has taken oneself is no news. */
function hasAsked({ pending, selected }: ConsoleState, id: string): boolean {
  return (
    selected === id ||
    pending.some(
      (command) =>
        (command.type === "claim" || command.type === "take_over") &&
        command.conversation_id === id,
    )
  );
}

function messagesOf(before: ConsoleState, after: ConsoleState): News[] {
  const { guide, conversations, openedAtMs } = after;
  const grown = Object.entries(after.records).filter(
    ([id, events]) => events !== before.records[id],
  );
  return grown.flatMap(([id, events]) => {
    const last = events.at(-1);
    const summary = conversations[id];
    const isNews =
      last?.event.kind === "message" &&
      last.event.from === "citizen" &&
      Date.parse(last.at) > (openedAtMs ?? 0) &&
      summary !== undefined &&
      isOwn(summary, guide?.id);
    return isNews ? [told("message", id)] : [];
  });
}
