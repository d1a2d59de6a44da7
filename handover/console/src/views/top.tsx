import type { SetPresence } from "@wire/protocol";
import type { Desk } from "../desk";
import { AllOffView } from "../pages/all_off";
import { hashOf, type PageName } from "../router";
import { sectionsOf } from "../state/list";
import type { ConsoleState } from "../state/state";
import { sv } from "../strings/sv";
import { Options } from "./options";

interface Props {
  state: ConsoleState;
  desk: Desk;
  pages: readonly PageName[];
  page: PageName | null;
  onSignOut(): void;
}

export function TopView({ state, desk, pages, page, onSignOut }: Props) {
  return (
    <header class="top">
      <h1>{sv.product}</h1>
      <nav class="pages" aria-label={sv.pagesLabel}>
        <ul>
          {pages.map((name) => (
            <li key={name}>
              <a href={hashOf(name)} aria-current={name === page ? "page" : undefined}>
                {sv.pages[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="tools">
        {pages.includes("desk") && <Duty state={state} desk={desk} />}
        <span class="me">{state.guide?.name}</span>
        <button type="button" onClick={onSignOut}>
          {sv.signOut}
        </button>
      </div>
    </header>
  );
}

/** Whether the desk is connected, how many wait, and whether one takes conversations. */
function Duty({ state, desk }: { state: ConsoleState; desk: Desk }) {
  const waiting = sectionsOf(state).queue.length;
  const be = (presence: SetPresence["presence"]): void =>
    desk.send({ type: "set_presence", presence });
  return (
    <>
      <p role="status" class={`connection ${state.connection}`}>
        {sv.connections[state.connection]} {sv.waitingCount(waiting)}
      </p>
      <label for="presence">{sv.presence}</label>
      <select
        id="presence"
        value={presenceOf(state)}
        onChange={(event) => be(event.currentTarget.value as SetPresence["presence"])}
      >
        <Options of={sv.presences} />
      </select>
    </>
  );
}

/** What one should know wherever one is: that the clock made one absent, that the assistant is off. */
export function BannerView({ state, desk }: { state: ConsoleState; desk: Desk }) {
  const isAway = state.isAwayByClock && state.presence === "away";
  return (
    <div role="status" class="banners">
      {isAway && (
        <p class="banner">
          {sv.youAreAway}{" "}
          <button
            type="button"
            onClick={() => desk.send({ type: "set_presence", presence: "available" })}
          >
            {sv.hereAgain}
          </button>
        </p>
      )}
      {state.allOff && <AllOffView state={state} />}
    </div>
  );
}

/** The presence that was asked for last, though the server may not have answered yet. */
function presenceOf({ presence, pending }: ConsoleState): string {
  const asked = pending.findLast((command) => command.type === "set_presence");
  return asked?.presence ?? presence;
}
