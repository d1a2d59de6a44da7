import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { training } from "../../strings/training";
import { Cell, RowHead, TableView } from "../parts";

/** So many rows are shown until somebody asks for all. */
const SHOWN = 20;

interface Column<T> {
  title: string;
  /** What is written; the first column is the row's head. */
  cell(row: T): ComponentChildren;
  /** What rows are sorted by; without it they are not. */
  value?(row: T): number | string | null;
}

interface SortedProps<T> {
  name: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  keyOf(row: T): string;
  /** The table's name at the server, where it can be had as CSV. */
  csv?: string;
}

interface Sorting {
  by: number;
  down: boolean;
}

/** A table whose columns sort it, cut to its first rows until all are asked for. */
export function SortedTable<T>({ name, rows, columns, keyOf, csv }: SortedProps<T>) {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [all, setAll] = useState(false);
  const sorted = sorting === null ? rows : sort(rows, columns[sorting.by]!, sorting.down);
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  const sortable = columns.some(({ value }) => value);
  const by = (index: number): void =>
    setSorting((now) => ({ by: index, down: now?.by === index ? !now.down : false }));
  return (
    <>
      {sortable && (
        <div class="sorting" role="group" aria-label={name}>
          {columns.map(
            ({ title, value }, index) =>
              value && (
                <button
                  key={title}
                  type="button"
                  aria-pressed={sorting?.by === index}
                  aria-label={training.sortBy(title)}
                  onClick={() => by(index)}
                >
                  {title}
                  <span aria-hidden="true">{arrow(sorting, index)}</span>
                </button>
              ),
          )}
        </div>
      )}
      <TableView
        name={name}
        columns={Object.fromEntries(columns.map(({ title }) => [title, title]))}
      >
        {shown.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ title, cell }, index) =>
              index === 0 ? (
                <RowHead key={title}>{cell(row)}</RowHead>
              ) : (
                <Cell key={title} label={title}>
                  {cell(row)}
                </Cell>
              ),
            )}
          </tr>
        ))}
      </TableView>
      <p class="under">
        {rows.length > shown.length && (
          <button type="button" onClick={() => setAll(true)}>
            {training.showAll(rows.length)}
          </button>
        )}
        {csv && (
          <a href={csv} download="">
            {training.csv}
          </a>
        )}
      </p>
    </>
  );
}

function arrow(sorting: Sorting | null, index: number): string {
  if (sorting?.by !== index) return "";
  return sorting.down ? " ↓" : " ↑";
}

function sort<T>(rows: readonly T[], { value }: Column<T>, down: boolean): T[] {
  const sign = down ? -1 : 1;
  return [...rows].sort((one, other) => sign * compare(value?.(one) ?? null, value?.(other) ?? null));
}

/** What is not known stands last among the small. */
function compare(one: number | string | null, other: number | string | null): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  if (typeof one === "string" || typeof other === "string") {
    return String(one).localeCompare(String(other), "sv");
  }
  return one - other;
}
