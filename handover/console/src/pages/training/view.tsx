import { useEffect } from "preact/hooks";
import type { TrainingView as Training } from "@wire/protocol";
import { training } from "../../strings/training";
import { type Loaded, useLoaded, useSending } from "../loaded";
import { LoadedView, ProblemView } from "../parts";
import { moment } from "../words";
import { FiguresView } from "./figures";
import { percent } from "./numbers";
import { cancelTraining, findFigures, findTraining } from "./requests";

const LOOK_EVERY_MS = 1_000;

/** One training: how far it is, its log, and what came of it. */
export function TrainingView({ id }: { id: string }) {
  const found = useLoaded(() => findTraining(id), [id]);
  useWatching(found);
  return (
    <LoadedView of={found}>
      {(value) => (
        <>
          <h2>{training.heading(moment(value.started_at))}</h2>
          <p>
            {value.started_by && training.startedBy(value.started_by)}{" "}
            {value.model && `${training.model}: ${value.model}`}
          </p>
          <Standing of={value} onChanged={(changed) => found.change(() => changed)} />
          <Log of={value} />
          {value.state === "done" && <Figures id={id} />}
        </>
      )}
    </LoadedView>
  );
}

function Standing({ of, onChanged }: { of: Training; onChanged(of: Training): void }) {
  const sending = useSending();
  const { id, state, step = "", share = 0, problem } = of;
  if (!isRunning(of)) {
    return (
      <p role="status" class={state === "done" ? "said" : ""}>
        {state === "cancelled" ? training.cancelled : (problem ?? training.states[state])}
      </p>
    );
  }
  return (
    <div class="standing">
      <label>
        {training.progress}
        <progress max={1} value={share} />
      </label>
      {/* Read out when the step changes, not with every percent. */}
      <p role="status">{step || training.states[state]}</p>
      <p aria-hidden="true">{percent(Math.round(share * 100) / 100)}</p>
      <button
        type="button"
        aria-disabled={sending.busy}
        onClick={() => void sending.send(() => cancelTraining(id), onChanged)}
      >
        {training.cancel}
      </button>
      <ProblemView sentence={sending.problem} />
    </div>
  );
}

function Log({ of: { tail = [] } }: { of: Training }) {
  if (tail.length === 0) return null;
  return (
    <details class="log">
      <summary>{training.log}</summary>
      <pre tabIndex={0} lang="en">
        {tail.join("\n")}
      </pre>
    </details>
  );
}

function Figures({ id }: { id: string }) {
  const figures = useLoaded(() => findFigures(id), [id]);
  return <LoadedView of={figures}>{(value) => <FiguresView id={id} of={value} />}</LoadedView>;
}

function isRunning({ state }: Training): boolean {
  return state === "queued" || state === "training" || state === "judging";
}

/** Looks again a second after each answer, until the training has ended. */
function useWatching({ value, problem, reload }: Loaded<Training>): void {
  const goesOn = value !== null && isRunning(value);
  useEffect(() => {
    if (!goesOn) return;
    const timer = setTimeout(reload, LOOK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [goesOn, value, problem, reload]);
}
