import { choicesOf, toggled } from "./choices";

interface Props<T extends string> {
  legend: string;
  offered: readonly T[];
  chosen: readonly T[];
  nameOf(value: T): string;
  onChoose(chosen: T[]): void;
}

/** Several of many, each with a box to tick. */
export function ChecksView<T extends string>(props: Props<T>) {
  const { legend, offered, chosen, nameOf, onChoose } = props;
  const all = choicesOf(offered, chosen);
  if (all.length === 0) return null;
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {all.map((value) => (
        <label key={value} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={() => onChoose(toggled(chosen, value, all))}
          />
          {nameOf(value)}
        </label>
      ))}
    </fieldset>
  );
}
