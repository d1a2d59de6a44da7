import { useEffect, useRef, useState } from "preact/hooks";
import type { Desk } from "../desk";
import { areShortcutsOn, keepShortcuts, runKey } from "../keys";
import { isOwn, sectionsOf } from "../state/list";
import type { ConsoleState } from "../state/state";
import { ConversationView } from "./conversation";
import { KeyMapView } from "./key_map";
import { ListView, moveInList, rowInFocus } from "./list";

interface Props {
  state: ConsoleState;
  desk: Desk;
}

/** The page where a guide works: who waits, and one conversation. */
export function DeskView({ state, desk }: Props) {
  const [shortcuts, setShortcuts] = useState(areShortcutsOn);
  const [showKeys, setShowKeys] = useState(false);
  const reply = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    if (!shortcuts) return;
    const listen = (event: KeyboardEvent): void =>
      runKey(event, {
        j: () => moveInList(1),
        k: () => moveInList(-1),
        c: () => claim(desk, rowInFocus() ?? desk.state.selected),
        r: () => reply.current?.focus(),
        b: () => handBack(desk),
        "?": () => setShowKeys(true),
      });
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [desk, shortcuts]);

  return (
    <div class="desk">
      <ListView
        sections={sectionsOf(state)}
        selected={state.selected}
        guideId={state.guide?.id}
        skewMs={state.skewMs}
        onSelect={(id) => desk.select(id)}
      />
      <ConversationView desk={desk} state={state} reply={reply} onClaim={(id) => claim(desk, id)} />
      <KeyMapView
        open={showKeys}
        shortcuts={shortcuts}
        onShortcuts={(on) => {
          keepShortcuts(on);
          setShortcuts(on);
        }}
        onClose={() => setShowKeys(false)}
      />
    </div>
  );
}

/** Takes a conversation from the queue, or takes it over from the assistant. */
function claim(desk: Desk, conversation_id: string | null): void {
  const summary = conversation_id ? desk.state.conversations[conversation_id] : undefined;
  if (summary === undefined || (summary.state !== "waiting" && summary.state !== "bot")) return;
  desk.select(summary.conversation_id);
  desk.send({
    type: summary.state === "waiting" ? "claim" : "take_over",
    conversation_id: summary.conversation_id,
  });
}

function handBack(desk: Desk): void {
  const { selected, conversations, guide } = desk.state;
  const summary = selected ? conversations[selected] : undefined;
  if (summary && isOwn(summary, guide?.id)) {
    desk.send({ type: "hand_back", conversation_id: summary.conversation_id });
  }
}
