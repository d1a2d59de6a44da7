import type { FaqRollout } from "@wire/protocol";
import { pages } from "../../strings/pages";
import { LEVELS } from "../words";

/** The level as five steps, of which those up to it are filled, and those over the cap are barred. */
export function ScaleView({ of }: { of: FaqRollout }) {
  const { level, cap, cap_lifted, example: isExample } = of;
  const { levels, step, capped, capLifted, example } = pages.rollout;
  const at = LEVELS.indexOf(level);
  const top = LEVELS.indexOf(cap);
  const capIs = cap_lifted ? capLifted : top < LEVELS.length - 1 ? capped(levels[cap]) : "";
  return (
    <div class="scale">
      <span role="img" aria-label={step(levels[level], at + 1)} class="steps">
        {LEVELS.map((each, index) => (
          <span key={each} class={stepClass(index, at, top)} />
        ))}
      </span>
      <span aria-hidden="true" class="level">
        {levels[level]}
      </span>
      {capIs !== "" && <span class="cap">{capIs}</span>}
      {isExample && <span class="cap">{example}</span>}
    </div>
  );
}

function stepClass(index: number, at: number, top: number): string {
  if (index === at) return "current";
  if (index > top) return "barred";
  return index < at ? "passed" : "ahead";
}
