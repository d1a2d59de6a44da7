import { useState } from "preact/hooks";
import type { ServiceRollout } from "@wire/protocol";
import { pages } from "../../strings/pages";
import { ChartView } from "./chart";
import { barsOf } from "./series";

/** The intervals of all services beside each other, for those who ask for it. */
export function OverviewView({ services }: { services: readonly ServiceRollout[] }) {
  const [open, setOpen] = useState(false);
  const { overview, overviewAlt, overviewNone } = pages.rollout;
  const bars = barsOf(services);
  return (
    <details class="overview" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{overview}</summary>
      {open && bars.length === 0 && <p>{overviewNone}</p>}
      {open && bars.length > 0 && (
        <ChartView
          name={overviewAlt(bars.length)}
          draw={(plot) => plot.overview(bars)}
          keys={[services]}
        />
      )}
    </details>
  );
}
