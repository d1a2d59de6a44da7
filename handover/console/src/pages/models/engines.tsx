import type { EngineView } from "@wire/protocol";
import { models as t } from "../../strings/models";
import { Cell, RowHead, TableView } from "../parts";
import { moment } from "../words";

/** The processes that run models on the machine of the keeper. */
export function EnginesView({ engines }: { engines: readonly EngineView[] }) {
  const { engineColumns: columns } = t;
  return (
    <section aria-labelledby="engines">
      <h3 id="engines">{t.engines}</h3>
      {engines.length === 0 ? (
        <p>{t.noEngines}</p>
      ) : (
        <TableView name={t.engines} columns={columns}>
          {engines.map(({ model, number, state, since, memory, problem }) => (
            <tr key={`${model} ${number} ${state}`} role="row">
              <RowHead>{t.engine(model, number)}</RowHead>
              <Cell label={columns.state}>
                {t.states[state]}
                {problem && <span class="facts">{problem}</span>}
              </Cell>
              <Cell label={columns.since}>
                <time dateTime={since}>{moment(since)}</time>
              </Cell>
              <Cell label={columns.memory}>{memory ? t.memory(megabytes(memory)) : ""}</Cell>
            </tr>
          ))}
        </TableView>
      )}
    </section>
  );
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 1_000_000).toLocaleString("sv");
}
