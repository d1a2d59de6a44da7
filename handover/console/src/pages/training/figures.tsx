import type { CrossValidation, FaqFigures, ModelFigures, TrainingFigures } from "@wire/protocol";
import "../../styles/training.css";
import { training } from "../../strings/training";
import { ChartView } from "./chart";
import { ComparisonView } from "./comparison";
import { GateView } from "./gate";
import { decimal, partOf, percent } from "./numbers";
import { tableAddress } from "./requests";
import { SortedTable } from "./tables";

interface FiguresProps {
  /** The training that led to the figures: their tables can be had as CSV. */
  id: string;
  of: TrainingFigures;
}

/** Everything that was found of a model: the gate first, then what changed, then figures. */
export function FiguresView({ id, of }: FiguresProps) {
  const { figures, comparison } = of;
  const csv = (table: string): string => tableAddress(id, table);
  return (
    <>
      <GateView of={of} />
      {comparison ? (
        <ComparisonView of={comparison} csv={csv("questions")} />
      ) : (
        <p>{training.noComparison}</p>
      )}
      <section aria-labelledby="figures">
        <h3 id="figures">{training.figures}</h3>
        <Groups of={figures} csv={csv("groups")} />
        <Curve of={figures} csv={csv("risk_coverage")} />
        <Reliability of={figures} csv={csv("reliability")} />
        <Danger of={figures} />
        <h4>{training.faqs}</h4>
        <FaqTable name={training.heldOut} of={figures.faqs} csv={csv("faqs")} />
        <h4>{training.confusion}</h4>
        <Confusion of={figures.confusion} name={training.heldOut} csv={csv("confusion")} />
        <Folds of={figures.cross_validation} csv={csv} />
      </section>
    </>
  );
}

interface PartProps {
  of: ModelFigures;
  csv: string;
}

function Groups({ of: { groups }, csv }: PartProps) {
  const columns = training.groupColumns;
  const kinds = Object.keys(training.kinds);
  const rows = [...groups].sort((one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind));
  return (
    <SortedTable
      name={training.groupsName}
      rows={rows}
      keyOf={({ kind, language, style }) => `${kind} ${language} ${style}`}
      csv={csv}
      columns={[
        { title: columns.kind, cell: ({ kind }) => training.kinds[kind] ?? kind },
        { title: columns.language, cell: ({ language }) => language || training.all },
        { title: columns.style, cell: ({ style }) => style || training.all },
        { title: columns.right, cell: ({ right, n }) => partOf(right, n) },
        { title: columns.answered, cell: ({ answered, n }) => partOf(answered, n) },
        { title: columns.wrong, cell: (one) => partOf(one.answered_wrong, one.answered) },
      ]}
    />
  );
}

/** Curves of risk lie low: the axis ends where the next step above the highest point is. */
const RISK_STEP = 0.1;

function Curve({ of: { risk_coverage: curve }, csv }: PartProps) {
  const columns = training.curveColumns;
  const highest = Math.max(0, ...curve.map(({ risk }) => risk));
  return (
    <>
      <h4>{training.curve}</h4>
      <p>{training.curveExplained}</p>
      <ChartView
        name={training.curve}
        x={training.coverage}
        y={training.risk}
        top={Math.min(1, Math.max(RISK_STEP, Math.ceil(highest / RISK_STEP) * RISK_STEP))}
        points={curve.map(({ coverage, risk }) => ({ x: coverage, y: risk }))}
      />
      <details>
        <summary>{training.table}</summary>
        <SortedTable
          name={training.curve}
          rows={curve}
          keyOf={({ coverage }) => String(coverage)}
          csv={csv}
          columns={[
            { title: columns.coverage, cell: ({ coverage }) => percent(coverage) },
            { title: columns.risk, cell: ({ risk }) => percent(risk) },
            { title: columns.confidence, cell: ({ confidence }) => percent(confidence) },
          ]}
        />
      </details>
    </>
  );
}

function Reliability({ of, csv }: PartProps) {
  const columns = training.reliabilityColumns;
  const { reliability: bins, calibration_error: error, overconfidence } = of;
  return (
    <>
      <h4>{training.reliability}</h4>
      <p>{training.reliabilityExplained(percent(error), percent(overconfidence))}</p>
      <ChartView
        name={`${training.reliability}: ${training.even}`}
        x={training.confidence}
        y={training.accuracy}
        top={1}
        diagonal={training.even}
        points={bins.map(({ confidence, accuracy, share }) => ({ x: confidence, y: accuracy, share }))}
      />
      <details>
        <summary>{training.table}</summary>
        <SortedTable
          name={training.reliability}
          rows={bins}
          keyOf={({ confidence }) => String(confidence)}
          csv={csv}
          columns={[
            { title: columns.confidence, cell: ({ confidence }) => percent(confidence) },
            { title: columns.accuracy, cell: ({ accuracy }) => percent(accuracy) },
            { title: columns.share, cell: ({ share }) => percent(share) },
          ]}
        />
      </details>
    </>
  );
}

function Danger({ of: { danger } }: { of: ModelFigures }) {
  const { missed, n, false_alarms: alarms, harmless } = danger;
  return (
    <>
      <h4>{training.danger}</h4>
      <p>{training.dangerTold(missed.length, n, alarms.length, harmless)}</p>
      {missed.length > 0 && (
        <details>
          <summary>{`${training.dangerMissed} (${missed.length})`}</summary>
          <ul>
            {missed.map(({ id, text, language }) => (
              <li key={id} lang={language}>
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function FaqTable({ name, of, csv }: { name: string; of: readonly FaqFigures[]; csv: string }) {
  const columns = training.faqColumns;
  const worst = [...of].sort((one, other) => one.f1 - other.f1);
  return (
    <SortedTable
      name={`${training.faqs}. ${name}`}
      rows={worst}
      keyOf={(faq) => faq.name}
      csv={csv}
      columns={[
        { title: columns.name, cell: (faq) => faq.name, value: (faq) => faq.name },
        { title: columns.n, cell: ({ n }) => n, value: ({ n }) => n },
        {
          title: columns.precision,
          cell: ({ precision }) => percent(precision),
          value: ({ precision }) => precision,
        },
        { title: columns.recall, cell: ({ recall }) => percent(recall), value: ({ recall }) => recall },
        { title: columns.f1, cell: ({ f1 }) => decimal(f1), value: ({ f1 }) => f1 },
      ]}
    />
  );
}

interface ConfusionProps {
  name: string;
  of: ModelFigures["confusion"];
  csv: string;
}

function Confusion({ name, of, csv }: ConfusionProps) {
  const columns = training.confusionColumns;
  if (of.length === 0) return <p>{training.noConfusion}</p>;
  return (
    <SortedTable
      name={`${training.confusion}. ${name}`}
      rows={of}
      keyOf={({ expected, given }) => `${expected} ${given}`}
      csv={csv}
      columns={[
        { title: columns.expected, cell: ({ expected }) => expected },
        { title: columns.given, cell: ({ given }) => given },
        { title: columns.n, cell: ({ n }) => n },
      ]}
    />
  );
}

function Folds({ of, csv }: { of: CrossValidation; csv(table: string): string }) {
  if (of.accuracy === null) return <p>{training.notValidated}</p>;
  const name = training.folds(of.n, of.folds);
  return (
    <details>
      <summary>{name}</summary>
      <p>{training.foldFigures(percent(of.accuracy), decimal(of.macro_f1 ?? 0))}</p>
      <FaqTable name={name} of={of.faqs} csv={csv("cross_validation_faqs")} />
      <Confusion name={name} of={of.confusion} csv={csv("cross_validation_confusion")} />
    </details>
  );
}
