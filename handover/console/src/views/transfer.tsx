import { useMemo, useRef, useState } from "preact/hooks";
import type { ConversationSummary } from "@wire/protocol";
import type { Desk } from "../desk";
import type { ConsoleState } from "../state/state";
import { addressOf, targetsOf, type Target } from "../state/targets";
import { sv } from "../strings/sv";
import { presenceOf } from "./colleagues";
import { useNames } from "./names";
import { Panel } from "./panel";
import { Picker } from "./picker";
import { languageName } from "./words";

interface Props {
  desk: Desk;
  state: ConsoleState;
  summary: ConversationSummary;
}

/** Passes the conversation on: one searches for whom, then says yes. */
export function TransferPanel({ desk, state, summary: { conversation_id } }: Props) {
  const { services } = useNames();
  const [search, setSearch] = useState("");
  const [picked, setPicked] = useState<string | null>(null);
  const go = useRef<HTMLButtonElement>(null);
  const me = state.guide?.id;
  const targets = useMemo(
    () => targetsOf(state.guides, services, me).map(choiceOf),
    [state.guides, services, me],
  );
  const words = search.toLowerCase().split(/\s+/);
  const choices = useMemo(
    () => targets.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word))),
    [targets, search],
  );
  const chosen = targets.find(({ value }) => value === picked);
  const isNobodyThere = !targets.some(({ target }) => target.kind === "guide" && target.canTake);
  const close = (): void => desk.open(null);

  function pick(value: string): void {
    setPicked(value);
    go.current?.focus();
  }

  function send(): void {
    if (chosen) desk.send({ type: "transfer", conversation_id, ...addressOf(chosen.target) });
  }

  return (
    <Panel label={sv.openers.transfer} onClose={close} onSubmit={send}>
      {isNobodyThere && <p class="hint">{sv.nobodyThere}</p>}
      <Picker
        label={sv.transferTo}
        choices={choices}
        empty={sv.transferNone}
        onSearch={setSearch}
        onPick={pick}
      />
      <div class="actions">
        <button type="submit" class="primary" ref={go} aria-disabled={chosen === undefined}>
          {chosen ? sv.transferNow(chosen.label) : sv.transferFirst}
        </button>
        <button type="button" onClick={close}>
          {sv.cancel}
        </button>
      </div>
    </Panel>
  );
}

function choiceOf(target: Target) {
  switch (target.kind) {
    case "guide":
      return {
        target,
        value: `guide:${target.guide.id}`,
        label: target.guide.name,
        detail: `${presenceOf(target.guide)} · ${sv.load(target.guide.load, target.guide.capacity)}`,
        disabled: !target.canTake,
      };
    case "service":
      return {
        target,
        value: `service:${target.service.id}`,
        label: target.service.name.text,
        detail: sv.knowsService(target.available),
      };
    case "language":
      return {
        target,
        value: `language:${target.language}`,
        label: languageName(target.language),
        detail: sv.knowsLanguage(target.available),
      };
  }
}
