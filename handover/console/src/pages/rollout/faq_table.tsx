import type { FaqRollout, ServiceRollout } from "@wire/protocol";
import { hashOf } from "../../router";
import { pages } from "../../strings/pages";
import { Cell, RowHead, TableView } from "../parts";
import { changedBy, changeSentence, moment, share } from "../words";
import { IntervalView } from "./interval";
import { ScaleView } from "./scale";
import type { Raise } from "./services";

interface Props {
  service: ServiceRollout;
  onRaise: Raise;
}

/** The FAQs of one service, a row each. */
export function FaqTable({ service, onRaise }: Props) {
  const { columns } = pages.rollout;
  return (
    <TableView name={service.name} columns={columns}>
      {service.faqs.map((faq) => (
        <tr key={faq.faq} role="row">
          <RowHead>
            <a href={faqHash(faq.faq)} data-faq={faq.faq}>
              {faq.question}
            </a>
          </RowHead>
          <Cell label={columns.level}>
            <ScaleView of={faq} />
          </Cell>
          <Cell label={columns.evidence}>
            <EvidenceView of={faq} />
          </Cell>
          <Cell label={columns.waiting}>{faq.waiting}</Cell>
          <Cell label={columns.change}>{lastChange(faq)}</Cell>
          <Cell label={columns.action}>
            <RaiseButton faq={faq} onRaise={onRaise} />
          </Cell>
        </tr>
      ))}
    </TableView>
  );
}

export function faqHash(faq: string): string {
  return `${hashOf("rollout")}/${encodeURIComponent(faq)}`;
}

/** The interval, and in words what it came from. */
export function EvidenceView({ of: faq }: { of: FaqRollout }) {
  const { reviewed, approved } = faq.evidence;
  const { reviewed: told, asked, needs, notReviewed } = pages.rollout;
  return (
    <div class="evidence">
      <IntervalView of={faq} />
      {/* The bar's own name says all of this. */}
      <span class="facts" aria-hidden="true">
        {reviewed === 0 ? notReviewed : told(share(approved / reviewed), reviewed)}{" "}
        {asked(share(faq.target), share(faq.floor))}
      </span>
      {reviewed < faq.min_samples && <span class="facts">{needs(faq.min_samples)}</span>}
    </div>
  );
}

/** The button of what the evidence allows; those who only read are told. */
export function RaiseButton({ faq, onRaise }: { faq: FaqRollout; onRaise: Raise }) {
  const { ready } = faq;
  if (!ready) return null;
  const { raise, levels, readyFor } = pages.rollout;
  if (onRaise === null) return <>{readyFor(levels[ready])}</>;
  return (
    <button
      type="button"
      class="primary"
      aria-label={`${raise(levels[ready])}: ${faq.question}`}
      onClick={() => onRaise(faq, ready)}
    >
      {raise(levels[ready])}
    </button>
  );
}

function lastChange({ last_change: change }: FaqRollout) {
  if (!change) return pages.rollout.unchanged;
  return (
    <>
      <span>{changeSentence(change)}</span>
      <span class="facts">
        {moment(change.at)}, {changedBy(change)}
      </span>
      {change.why && <q class="facts">{change.why}</q>}
    </>
  );
}
