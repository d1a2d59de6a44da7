import type { ComponentChildren } from "preact";
import { pages } from "../../strings/pages";
import type { ConsoleState } from "../../state/state";
import { minutesAndSeconds, useNow } from "../../views/time";
import { standingOf } from "./duty";

const t = pages.live;

/** Who waits, how long, and how many are there to answer. */
export function StandingView({ state }: { state: ConsoleState }) {
  const now = useNow() + state.skewMs;
  const standing = standingOf(Object.values(state.conversations), state.guides, now);
  const { waiting, longestWait, withBot, available } = standing;
  const late = longestWait !== null && longestWait > state.promiseSeconds * 1_000;
  return (
    <section aria-labelledby="standing">
      <h3 id="standing">{t.now}</h3>
      <dl class="figures">
        <Figure name={t.withBot}>{withBot}</Figure>
        <Figure name={t.waiting}>{waiting}</Figure>
        <Figure name={t.longest} late={late}>
          {longestWait === null ? "–" : minutesAndSeconds(longestWait)}
        </Figure>
        <Figure name={t.onDuty}>{available}</Figure>
      </dl>
    </section>
  );
}

interface FigureProps {
  name: string;
  late?: boolean;
  children: ComponentChildren;
}

function Figure({ name, late = false, children }: FigureProps) {
  return (
    <div class={late ? "late" : ""}>
      <dt>{name}</dt>
      <dd>
        {children}
        {late && <span class="facts"> {t.late}</span>}
      </dd>
    </div>
  );
}
