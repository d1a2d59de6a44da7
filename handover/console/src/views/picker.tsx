import * as combobox from "@zag-js/combobox";
import { normalizeProps, useMachine } from "@zag-js/preact";
import type { ComponentChildren, InputHTMLAttributes } from "preact";
import { useId, useMemo } from "preact/hooks";

export interface Choice {
  value: string;
  label: string;
  /** Stands beside the label, more quietly. */
  detail?: string | undefined;
  body?: ComponentChildren;
  disabled?: boolean;
}

interface Props {
  label: string;
  choices: readonly Choice[];
  /** What is told while there is nothing to choose. */
  empty: string;
  onSearch(text: string): void;
  onPick(value: string): void;
  onCancel(): void;
}

/** A field to search in with the list of what fits below it; the arrows move, Enter picks, Escape leaves. */
export function Picker({ label, choices, empty, onSearch, onPick, onCancel }: Props) {
  const collection = useMemo(
    () =>
      combobox.collection({
        items: [...choices],
        itemToValue: (choice) => choice.value,
        itemToString: (choice) => choice.label,
        isItemDisabled: (choice) => choice.disabled === true,
      }),
    [choices],
  );
  const service = useMachine(combobox.machine, {
    id: useId(),
    collection,
    open: true,
    value: [],
    inputBehavior: "autohighlight",
    selectionBehavior: "preserve",
    onInputValueChange: ({ inputValue }) => onSearch(inputValue),
    onValueChange: ({ value: [picked] }) => picked !== undefined && onPick(picked),
    onOpenChange: ({ reason }) => reason === "escape-key" && onCancel(),
  });
  const api = combobox.connect(service, normalizeProps);
  return (
    <div class="picker" {...api.getRootProps()}>
      <label {...api.getLabelProps()}>{label}</label>
      <div {...api.getControlProps()}>
        <input {...(api.getInputProps() as InputHTMLAttributes)} />
      </div>
      <p role="status" class="hint">
        {choices.length === 0 ? empty : ""}
      </p>
      <ul {...api.getContentProps()} hidden={choices.length === 0}>
        {choices.map((choice) => (
          <li key={choice.value} {...api.getItemProps({ item: choice })}>
            <span class="label">{choice.label}</span>
            {choice.detail && <span class="detail">{choice.detail}</span>}
            {choice.body && <span class="body">{choice.body}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
