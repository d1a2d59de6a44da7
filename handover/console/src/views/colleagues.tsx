import type { GuideState } from "@wire/protocol";
import { sv } from "../strings/sv";
import { languageName } from "./words";

interface Props {
  guides: readonly GuideState[];
  me: string | undefined;
  serviceName(id: string): string;
}

/** Who is there, how much each has to do, and what for. */
export function ColleaguesView({ guides, me, serviceName }: Props) {
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
              <span class="facts">{skillsOf(guide, serviceName)}</span>
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

function skillsOf(
  { services, languages }: GuideState,
  serviceName: (id: string) => string,
): string {
  return [...(services ?? []).map(serviceName), ...(languages ?? []).map(languageName)].join(", ");
}
