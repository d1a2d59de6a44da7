import type { GuideState } from "@wire/protocol";
import { sv } from "../strings/sv";
import { useNames, type Names } from "./names";
import { languageName } from "./words";

interface Props {
  guides: readonly GuideState[];
  me: string | undefined;
}

/** Who is there, how much each has to do, and what for. */
export function ColleaguesView({ guides, me }: Props) {
  const names = useNames();
  const others = guides.filter((guide) => guide.id !== me);
  const there = others.filter(isThere).length;
  return (
    <>
      <button type="button" popovertarget="colleagues">
        {sv.colleagues(there)}
      </button>
      <div
        id="colleagues"
        popover="auto"
        class="popover"
        role="dialog"
        aria-label={sv.colleaguesHeading}
      >
        <h2>{sv.colleaguesHeading}</h2>
        {others.length === 0 && <p>{sv.colleaguesNone}</p>}
        <ul>
          {others.map((guide) => (
            <li key={guide.id}>
              <span class={`presence ${guide.presence}`}>{presenceOf(guide)}</span>
              <span class="name">{guide.name}</span>
              <span class="load">{sv.load(guide.load, guide.capacity)}</span>
              <span class="facts">{skillsOf(guide, names)}</span>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

export function isThere({ presence }: GuideState): boolean {
  return presence === "available" || presence === "busy";
}

export function presenceOf({ presence, automatic }: GuideState): string {
  return automatic ? sv.awayByClock : sv.presences[presence];
}

function skillsOf({ services, languages }: GuideState, names: Names): string {
  return [...(services ?? []).map(names.service), ...(languages ?? []).map(languageName)].join(
    ", ",
  );
}
