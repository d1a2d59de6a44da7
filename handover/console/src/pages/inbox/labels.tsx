import type { Label } from "@wire/protocol";
import { inbox as t } from "../../strings/inbox";

/** The keys that the buttons name. */
const KEYS: readonly (readonly [Label, string])[] = [
  ["right", "r"],
  ["faq", "f"],
  ["new_faq", "n"],
  ["out_of_scope", "o"],
  ["skip", "s"],
];

interface Props {
  count: number;
  mayUndo: boolean;
  onLabel(label: Label): void;
  onUndo(): void;
}

/** The labels, with the keys that do the same. */
export function LabelsView({ count, mayUndo, onLabel, onUndo }: Props) {
  return (
    <>
      <div class="actions">
        {KEYS.map(([label, key]) => (
          <button key={label} type="button" aria-keyshortcuts={key} onClick={() => onLabel(label)}>
            {t.labels[label]} <kbd aria-hidden="true">{key}</kbd>
          </button>
        ))}
        <button type="button" aria-keyshortcuts="z" aria-disabled={!mayUndo} onClick={onUndo}>
          {t.undo} <kbd aria-hidden="true">z</kbd>
        </button>
      </div>
      {count !== 1 && <p class="hint">{t.appliesTo(count)}</p>}
      <p class="hint">{t.keys}</p>
    </>
  );
}
