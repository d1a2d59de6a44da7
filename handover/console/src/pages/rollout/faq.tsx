import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { FaqRollout, ServiceRollout } from "@wire/protocol";
import { hashOf } from "../../router";
import { pages } from "../../strings/pages";
import { moment, share } from "../words";
import { DecisionsView } from "./decisions";
import { EvidenceView, RaiseButton } from "./faq_table";
import { HistoryView } from "./history";
import { ScaleView } from "./scale";
import type { Raise } from "./services";

interface Props {
  service: ServiceRollout | null;
  faq: FaqRollout | null;
  revision: number;
  /** The address of the page with all FAQs. */
  back: string;
  onChanged(faq: FaqRollout): void;
  onRaise: Raise;
}

/** One FAQ: where it stands, what became of it so far, and for leads what can be changed. */
export function FaqView({ service, faq, revision, back, onChanged, onRaise }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <>
      <p>
        <a href={back}>{pages.rollout.back}</a>
        {service && ` · ${service.name}`}
      </p>
      <h2 ref={heading} tabIndex={-1}>
        {faq?.question ?? pages.rollout.unknown}
      </h2>
      {faq && service && (
        <>
          <Facts faq={faq} />
          <RaiseButton faq={faq} onRaise={onRaise} />
          {onRaise && (
            <DecisionsView faq={faq} sensitive={service.sensitive} onChanged={onChanged} />
          )}
          <HistoryView faq={faq} revision={revision} />
        </>
      )}
    </>
  );
}

function Facts({ faq }: { faq: FaqRollout }) {
  const t = pages.rollout;
  const { recent_reviewed, recent_approved, agreement } = faq.evidence;
  return (
    <section aria-labelledby="faq-facts">
      <h3 id="faq-facts">{t.facts}</h3>
      <dl class="fact-list">
        <Fact name={t.level}>
          <ScaleView of={faq} />
          {t.levelMeanings[faq.level]} {faq.since && t.since(moment(faq.since))}
        </Fact>
        <Fact name={t.columns.evidence}>
          <EvidenceView of={faq} />
        </Fact>
        {recent_reviewed > 0 && (
          <Fact name={t.recent}>{t.recentOf(recent_approved, recent_reviewed)}</Fact>
        )}
        {typeof agreement === "number" && <Fact name={t.likeness}>{share(agreement)}</Fact>}
        <Fact name={t.waiting}>
          {faq.waiting} {faq.waiting > 0 && <a href={hashOf("reviews")}>{t.toReview}</a>}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
