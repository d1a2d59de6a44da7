import { useState } from "preact/hooks";
import "../styles/training.css";
import { hashOf } from "../router";
import { sv } from "../strings/sv";
import { training } from "../strings/training";
import { useLoaded, useSending } from "./loaded";
import { Cell, LoadedView, ProblemView, RowHead, TableView } from "./parts";
import { useSecondPart } from "./place";
import { findChangeSets, findTrainings, startTraining } from "./training/requests";
import { TrainingView } from "./training/view";
import { moment } from "./words";

/** Trainings: one in full, or all of them and the way to start one. */
export default function TrainingsPage() {
  const shown = useSecondPart();
  return (
    <main class="page trainings">
      {shown === null ? (
        <Overview />
      ) : (
        <>
          <p>
            <a href={hashOf("trainings")}>{training.back}</a>
          </p>
          <TrainingView key={shown} id={shown} />
        </>
      )}
    </main>
  );
}

function Overview() {
  const found = useLoaded(findTrainings, []);
  return (
    <>
      <h2>{sv.pages.trainings}</h2>
      <p>{training.explained}</p>
      <LoadedView of={found}>
        {({ can_train: canTrain, trainings }) => (
          <>
            {canTrain ? <Start /> : <p>{training.cannotTrain}</p>}
            {trainings.length === 0 ? (
              <p>{training.none}</p>
            ) : (
              <TableView name={training.listName} columns={training.listColumns}>
                {trainings.map(({ id, started_at, started_by, state, model }) => (
                  <tr key={id} role="row">
                    <RowHead>
                      <a href={`${hashOf("trainings")}/${id}`}>{moment(started_at)}</a>
                    </RowHead>
                    <Cell label={training.listColumns.by}>{started_by}</Cell>
                    <Cell label={training.listColumns.state}>{training.states[state]}</Cell>
                    <Cell label={training.listColumns.model}>{model}</Cell>
                  </tr>
                ))}
              </TableView>
            )}
          </>
        )}
      </LoadedView>
    </>
  );
}

function Start() {
  const sets = useLoaded(findChangeSets, []);
  const sending = useSending();
  const [chosen, setChosen] = useState("");

  function start(set: string): void {
    void sending.send(
      () => startTraining(set),
      ({ id }) => {
        location.hash = `${hashOf("trainings")}/${id}`;
      },
    );
  }

  return (
    <section class="start" aria-label={training.startHeading}>
      <LoadedView of={sets}>
        {({ change_sets }) => {
          const open = change_sets.filter(({ state }) => state === "open");
          if (open.length === 0) return <p>{training.noSets}</p>;
          const set = chosen || open[0]!.id;
          return (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                start(set);
              }}
            >
              <label>
                {training.changeSet}
                <select value={set} onChange={(event) => setChosen(event.currentTarget.value)}>
                  {open.map(({ id, title }) => (
                    <option key={id} value={id}>
                      {title}
                    </option>
                  ))}
                </select>
              </label>
              <button type="submit" class="primary" aria-disabled={sending.busy}>
                {training.start}
              </button>
            </form>
          );
        }}
      </LoadedView>
      <ProblemView sentence={sending.problem} />
    </section>
  );
}
