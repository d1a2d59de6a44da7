/** Small parts that the pages share. */
import type { ComponentChildren } from "preact";
import "../styles/pages.css";
import { sv } from "../strings/sv";
import { pages } from "../strings/pages";
import type { Loaded } from "./loaded";

/** A refusal, read out when it comes. It is always there, so that it is read out. */
export function ProblemView({ sentence }: { sentence: string }) {
  return (
    <p role="alert" class="problem">
      {sentence}
    </p>
  );
}

/** What went well, read out once. */
export function SaidView({ sentence }: { sentence: string }) {
  return (
    <p role="status" class="said">
      {sentence}
    </p>
  );
}

interface LoadedViewProps<T> {
  of: Loaded<T>;
  children(value: T): ComponentChildren;
}

/** Something from the server: being read, not to be had, or there. */
export function LoadedView<T>({ of: { value, problem, reload }, children }: LoadedViewProps<T>) {
  return (
    <>
      <ProblemView sentence={problem} />
      {problem !== "" && (
        <button type="button" onClick={reload}>
          {pages.again}
        </button>
      )}
      {value !== null ? children(value) : problem === "" && <p>{sv.loading}</p>}
    </>
  );
}

interface TableProps {
  name: string;
  columns: Record<string, string>;
  children: ComponentChildren;
}

/**
 * A table that is cards on a narrow screen. The roles are told, since a browser forgets them
 * when rows are no longer laid out as rows.
 */
export function TableView({ name, columns, children }: TableProps) {
  return (
    <table role="table" class="cards" aria-label={name}>
      <thead role="rowgroup">
        <tr role="row">
          {Object.entries(columns).map(([key, title]) => (
            <th key={key} role="columnheader" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

/** A cell; `label` stands before it where the table is cards. */
export function Cell({ label, children }: { label: string; children?: ComponentChildren }) {
  return (
    <td role="cell" data-label={label}>
      {children}
    </td>
  );
}

export function RowHead({ children }: { children: ComponentChildren }) {
  return (
    <th role="rowheader" scope="row">
      {children}
    </th>
  );
}
