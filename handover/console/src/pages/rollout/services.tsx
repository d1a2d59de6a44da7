import type { FaqRollout, Level, ServiceRollout } from "@wire/protocol";
import { Options } from "../../views/options";
import { pages } from "../../strings/pages";
import { LEVELS, evidenceSentence } from "../words";
import { FaqTable } from "./faq_table";
import { countReady, filterServices, isEverything, type Filter } from "./filter";
import { IntervalView } from "./interval";
import { OverviewView } from "./overview";

export type Raise = ((faq: FaqRollout, level: Level) => void) | null;

interface Props {
  services: readonly ServiceRollout[];
  filter: Filter;
  /** The services that stand open. */
  opened: ReadonlySet<string>;
  onFilter(filter: Filter): void;
  onOpened(opened: ReadonlySet<string>): void;
  /** Null for those who may only read. */
  onRaise: Raise;
}

/** All services, of which those that are asked for are open. */
export function ServicesView({ services, filter, opened, onFilter, onOpened, onRaise }: Props) {
  const found = filterServices(services, filter);
  const searching = !isEverything(filter);

  function toggle(service: string, open: boolean): void {
    const next = new Set(opened);
    if (open) next.add(service);
    else next.delete(service);
    onOpened(next);
  }

  function select(next: Filter): void {
    onFilter(next);
    // What a selection finds is shown; a service may still be closed by hand.
    if (isEverything(next)) onOpened(new Set());
    else onOpened(new Set(filterServices(services, next).map(({ service }) => service)));
  }

  if (services.length === 0) return <p>{pages.rollout.empty}</p>;
  return (
    <>
      <OverviewView services={services} />
      <FilterView filter={filter} onFilter={select} />
      <p role="status">{searching && hitsSentence(found)}</p>
      {found.map((service) => (
        <details
          key={service.service}
          class="service"
          open={opened.has(service.service)}
          onToggle={(event) => toggle(service.service, event.currentTarget.open)}
        >
          <summary>
            <ServiceSummary of={service} />
          </summary>
          {opened.has(service.service) && <FaqTable service={service} onRaise={onRaise} />}
        </details>
      ))}
    </>
  );
}

function hitsSentence(found: readonly ServiceRollout[]): string {
  const faqs = found.reduce((count, service) => count + service.faqs.length, 0);
  return faqs === 0 ? pages.rollout.noHits : pages.rollout.hits(faqs, found.length);
}

function ServiceSummary({ of: service }: { of: ServiceRollout }) {
  const { faqCount, readyCount, sensitive, staff, levels } = pages.rollout;
  const ready = countReady(service);
  const spread = LEVELS.filter((level) => service.levels[level])
    .map((level) => `${service.levels[level]} ${levels[level]}`)
    .join(" · ");
  return (
    <span class="service-summary">
      <span class="name">{service.name}</span>
      {service.sensitive && <span class="tag">{sensitive}</span>}
      {service.audience === "staff" && <span class="tag">{staff}</span>}
      {ready > 0 && <span class="tag ready">{readyCount(ready)}</span>}
      <span class="facts">
        {faqCount(service.faqs.length)} · {spread}
      </span>
      {service.evidence.reviewed > 0 ? (
        <IntervalView of={service} />
      ) : (
        <span class="facts">{evidenceSentence(service)}</span>
      )}
    </span>
  );
}

interface FilterProps {
  filter: Filter;
  onFilter(filter: Filter): void;
}

function FilterView({ filter, onFilter }: FilterProps) {
  const { search, level, everyLevel, levels, only, onlys } = pages.rollout;
  return (
    <form class="filter" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        {search}
        <input
          type="search"
          value={filter.words}
          onInput={(event) => onFilter({ ...filter, words: event.currentTarget.value })}
        />
      </label>
      <label>
        {level}
        <select
          value={filter.level}
          onChange={(event) =>
            onFilter({ ...filter, level: event.currentTarget.value as Filter["level"] })
          }
        >
          <Options of={{ "": everyLevel, ...levels }} />
        </select>
      </label>
      <label>
        {only}
        <select
          value={filter.only}
          onChange={(event) =>
            onFilter({ ...filter, only: event.currentTarget.value as Filter["only"] })
          }
        >
          <Options of={onlys} />
        </select>
      </label>
    </form>
  );
}
