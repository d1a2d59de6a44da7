import type { SwitchView } from "@wire/protocol";
import { models as t } from "../../strings/models";
import { Cell, RowHead, TableView } from "../parts";
import { moment } from "../words";

/** What was put into service when, by whom and why, the newest first. */
export function LogView({ lines }: { lines: readonly SwitchView[] }) {
  const { logColumns: columns } = t;
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="switches">
      <h3 id="switches">{t.log}</h3>
      <TableView name={t.log} columns={columns}>
        {lines.map(({ at, kind, model, by_name, why, overridden }) => (
          <tr key={`${at} ${kind}`} role="row">
            <RowHead>
              <time dateTime={at}>{moment(at)}</time>
            </RowHead>
            <Cell label={columns.what}>
              {t.kinds[kind]}
              {overridden && <span class="facts">{t.overridden}</span>}
            </Cell>
            <Cell label={columns.model}>{model}</Cell>
            <Cell label={columns.who}>{by_name ?? t.bySystem}</Cell>
            <Cell label={columns.why}>{why}</Cell>
          </tr>
        ))}
      </TableView>
    </section>
  );
}
