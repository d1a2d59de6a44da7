import { useState } from "preact/hooks";
import type { ChangeSetView } from "@wire/protocol";
import { content as t } from "../../strings/content";
import { useLoaded, useSending } from "../loaded";
import { Cell, LoadedView, ProblemView, RowHead, TableView } from "../parts";
import { moment } from "../words";
import { findSets, openSet } from "./requests";

interface Props {
  onChosen(set: string): void;
}

/** The change sets: one goes on in one, or opens another. */
export function SetsView({ onChosen }: Props) {
  const sets = useLoaded(findSets, []);
  return (
    <>
      <OpenForm onOpened={onChosen} />
      <h3>{t.sets}</h3>
      <LoadedView of={sets}>
        {({ change_sets: found }) =>
          found.length === 0 ? (
            <p>{t.noSets}</p>
          ) : (
            <TableView name={t.sets} columns={t.setColumns}>
              {found.map((one) => (
                <Row key={one.id} of={one} onChosen={onChosen} />
              ))}
            </TableView>
          )
        }
      </LoadedView>
    </>
  );
}

function Row({ of, onChosen }: { of: ChangeSetView } & Props) {
  return (
    <tr role="row">
      <RowHead>{of.title}</RowHead>
      <Cell label={t.setColumns.state}>{t.states[of.state]}</Cell>
      <Cell label={t.setColumns.edits}>{t.count(of.edits)}</Cell>
      <Cell label={t.setColumns.by}>{t.openedBy(of.opened_by, moment(of.opened_at))}</Cell>
      <Cell label={t.setColumns.action}>
        <button type="button" onClick={() => onChosen(of.id)}>
          {t.work(of.title)}
        </button>
      </Cell>
    </tr>
  );
}

function OpenForm({ onOpened }: { onOpened(set: string): void }) {
  const [title, setTitle] = useState("");
  const sending = useSending();
  return (
    <form
      class="filter"
      aria-label={t.openNew}
      onSubmit={(event) => {
        event.preventDefault();
        void sending.send(
          () => openSet(title),
          ({ id }) => onOpened(id),
        );
      }}
    >
      <label>
        {t.title}
        <input
          required
          maxLength={120}
          value={title}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" aria-disabled={sending.busy}>
        {t.openNew}
      </button>
      <ProblemView sentence={sending.problem} />
    </form>
  );
}
