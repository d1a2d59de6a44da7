import type { SetPresence } from "@wire/protocol";
import { sectionsOf } from "../state/list";
import type { ConsoleState } from "../state/state";
import { sv } from "../strings/sv";
import { Options } from "./options";

interface Props {
  state: ConsoleState;
  onPresence(presence: SetPresence["presence"]): void;
  onKeys(): void;
  onSignOut(): void;
}

export function TopView({ state, onPresence, onKeys, onSignOut }: Props) {
  const waiting = sectionsOf(state).queue.length;
  return (
    <header class="top">
      <div>
        <h1>
          {sv.product} <span>{sv.console}</span>
        </h1>
        <p role="status" class={`connection ${state.connection}`}>
          {sv.connections[state.connection]} {sv.waitingCount(waiting)}
        </p>
      </div>
      <div class="tools">
        <label for="presence">{sv.presence}</label>
        <select
          id="presence"
          value={presenceOf(state)}
          onChange={(event) => onPresence(event.currentTarget.value as SetPresence["presence"])}
        >
          <Options of={sv.presences} />
        </select>
        <button type="button" onClick={onKeys}>
          {sv.shortcuts}
        </button>
        <button type="button" onClick={onSignOut}>
          {sv.signOut}
        </button>
        <span class="me">{state.guide?.name}</span>
      </div>
    </header>
  );
}

/** The presence that was asked for last, though the server may not have answered yet. */
function presenceOf({ presence, pending }: ConsoleState): string {
  const asked = pending.findLast((command) => command.type === "set_presence");
  return asked?.presence ?? presence;
}
