import type { ChangedQuestion, Comparison, OutcomeView } from "@wire/protocol";
import { training } from "../../strings/training";
import { decimal, percent } from "./numbers";
import { SortedTable } from "./tables";

/** What the new model does otherwise than the one in service, question by question. */
export function ComparisonView({ of, csv }: { of: Comparison; csv: string }) {
  const { whole, changed, faqs } = of;
  const lost = changed.filter(({ right }) => !right);
  const gained = changed.filter(({ right }) => right);
  const columns = training.differenceColumns;
  return (
    <section aria-labelledby="comparison">
      <h3 id="comparison">{training.comparison}</h3>
      <p>
        {training.whole(whole.n, whole.lost, whole.gained)} {training.p(decimal(whole.p))}
      </p>
      <Changed name={training.lost} of={lost} csv={csv} />
      <Changed name={training.gained} of={gained} csv={csv} />
      {faqs.length > 0 && (
        <>
          <h4>{training.differences}</h4>
          <SortedTable
            name={training.differences}
            rows={faqs}
            keyOf={({ name = "" }) => name}
            columns={[
              { title: columns.name, cell: ({ name }) => name, value: ({ name = "" }) => name },
              { title: columns.n, cell: ({ n }) => n, value: ({ n }) => n },
              { title: columns.lost, cell: (one) => one.lost, value: (one) => one.lost },
              { title: columns.gained, cell: (one) => one.gained, value: (one) => one.gained },
              { title: columns.p, cell: ({ p }) => decimal(p), value: ({ p }) => p },
            ]}
          />
        </>
      )}
    </section>
  );
}

interface ChangedProps {
  name: string;
  of: readonly ChangedQuestion[];
  csv: string;
}

function Changed({ name, of, csv }: ChangedProps) {
  const columns = training.changedColumns;
  return (
    <>
      <h4>{`${name} (${of.length})`}</h4>
      {of.length === 0 ? (
        <p>{training.nothingChanged}</p>
      ) : (
        <SortedTable
          name={name}
          rows={of}
          keyOf={({ id }) => id}
          csv={csv}
          columns={[
            {
              title: columns.text,
              cell: ({ text, language }) => <span lang={language}>{text}</span>,
            },
            { title: columns.subject, cell: ({ subject }) => training.kinds[subject] ?? subject },
            { title: columns.before, cell: ({ before }) => outcome(before) },
            { title: columns.now, cell: ({ now }) => outcome(now) },
          ]}
        />
      )}
    </>
  );
}

/** "bygglov.avgift, 82 %, besvaras" */
function outcome({ first, confidence, decision }: OutcomeView): string {
  return `${first}, ${percent(confidence)}, ${training.decisions[decision] ?? decision}`;
}
