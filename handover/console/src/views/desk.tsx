import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../desk";
import { runKey, type KeyMap } from "../keys";
import { isOwn } from "../state/list";
import { findOpenDraft } from "../state/record";
import { selectedSummary, type ConsoleState, type Panel } from "../state/state";
import { sv } from "../strings/sv";
import { isWanted, keepWish } from "../wishes";
import { ColleaguesView } from "./colleagues";
import { ConversationView } from "./conversation";
import { Key } from "./key";
import { KeyMapView } from "./key_map";
import { ListView, moveInList, rowInFocus } from "./list";
import { NoticesView } from "./notices";

interface Props {
  state: ConsoleState;
  desk: Desk;
}

/** The page where a guide works: who waits, and one conversation. */
export function DeskView({ state, desk }: Props) {
  const [shortcuts, setShortcuts] = useState(() => isWanted("shortcuts"));
  const [showKeys, setShowKeys] = useState(false);

  useEffect(() => {
    if (!shortcuts) return;
    const keys = keysOf(desk, () => setShowKeys(true));
    const listen = (event: KeyboardEvent): void => runKey(event, keys);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [desk, shortcuts]);

  return (
    <div class={shortcuts ? "desk has-keys" : "desk"}>
      <div class="side">
        <ListView state={state} onSelect={(id) => desk.select(id)} />
        <div class="side-tools">
          <ColleaguesView guides={state.guides} me={state.guide?.id} />
          <NoticesView />
          <button type="button" onClick={() => setShowKeys(true)}>
            {sv.shortcuts} <Key of="?" />
          </button>
        </div>
      </div>
      <ConversationView desk={desk} state={state} />
      <KeyMapView
        open={showKeys}
        shortcuts={shortcuts}
        onShortcuts={(on) => {
          keepWish("shortcuts", on);
          setShortcuts(on);
        }}
        onClose={() => setShowKeys(false)}
      />
    </div>
  );
}

function keysOf(desk: Desk, showKeys: () => void): KeyMap {
  const suggestions = [1, 2, 3, 4, 5].map((number) => [String(number), () => suggest(number)]);
  return {
    j: () => moveInList(1),
    k: () => moveInList(-1),
    c: () => take(desk, "waiting"),
    t: () => take(desk, "bot"),
    r: () => focusOn("reply"),
    n: () => focusOn("note"),
    a: () => approve(desk),
    e: () => openForDraft(desk, "edit"),
    x: () => openForDraft(desk, "reject"),
    b: () => openForOwn(desk, "hand_back"),
    v: () => openForOwn(desk, "transfer"),
    s: () => openForOwn(desk, "end"),
    "/": () => openForOwn(desk, "canned"),
    "?": showKeys,
    ...(Object.fromEntries(suggestions) as KeyMap),
  };
}

/** Takes the conversation in focus, or the one that is shown, where it waits or the assistant has it. */
function take(desk: Desk, from: "waiting" | "bot"): void {
  const id = rowInFocus() ?? desk.state.selected;
  const summary = id === null ? undefined : desk.state.conversations[id];
  if (id === null || summary?.state !== from) return;
  desk.select(id);
  desk.send({ type: from === "waiting" ? "claim" : "take_over", conversation_id: id });
}

function approve(desk: Desk): void {
  const { selected, records, pending } = desk.state;
  const open = selected === null ? null : findOpenDraft(records[selected] ?? []);
  const isSent = pending.some((each) => "draft_id" in each && each.draft_id === open?.draft.id);
  if (selected === null || open === null || isSent) return;
  desk.send({ type: "approve", conversation_id: selected, draft_id: open.draft.id });
}

function openForDraft(desk: Desk, panel: Panel): void {
  const { selected, records } = desk.state;
  if (selected !== null && findOpenDraft(records[selected] ?? []) !== null) desk.open(panel);
}

function openForOwn(desk: Desk, panel: Panel): void {
  const summary = selectedSummary(desk.state);
  if (summary && isOwn(summary, desk.state.guide?.id)) desk.open(panel);
}

function focusOn(id: string): void {
  document.getElementById(id)?.focus();
}

/** Presses the button of a suggested answer, the first being 1. */
function suggest(number: number): void {
  document.querySelector<HTMLElement>(`[data-suggestion="${number}"]`)?.click();
}
