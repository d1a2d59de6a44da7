import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Choice {
  value: string;
  label: string;
  /** Stands beside the label, more quietly. */
  detail?: string;
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
}

/**
 * A field to search in, with the list of what fits always open below it: the arrows move, Enter picks.
 *
 * The editable combobox of the ARIA Authoring Practices, "list autocomplete with automatic selection".
 */
export function Picker({ label, choices, empty, onSearch, onPick }: Props) {
  const id = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const open = choices.filter((choice) => !choice.disabled);
  // What one stood on may be gone: then the first of what is found is meant.
  const current = open.find((choice) => choice.value === active) ?? open[0];

  useLayoutEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current?.value]);

  function search(typed: string): void {
    setText(typed);
    setActive(null);
    onSearch(typed);
  }

  function move(step: 1 | -1): void {
    const from = current === undefined ? -1 : open.indexOf(current);
    setActive(open.at((from + step) % open.length)?.value ?? null);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key !== "Enter") return;
    else if (current) onPick(current.value);
    event.preventDefault();
  }

  return (
    <div class="picker">
      <label for={id}>{label}</label>
      <input
        id={id}
        role="combobox"
        autocomplete="off"
        aria-autocomplete="list"
        aria-expanded={choices.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={current && `${id}-${current.value}`}
        value={text}
        onInput={(event) => search(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <p role="status" class="hint">
        {choices.length === 0 ? empty : ""}
      </p>
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        hidden={choices.length === 0}
        ref={list}
        // The field keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
      >
        {choices.map((choice) => (
          <li
            key={choice.value}
            id={`${id}-${choice.value}`}
            role="option"
            aria-selected={choice.value === current?.value}
            aria-disabled={choice.disabled ?? false}
            onClick={() => !choice.disabled && onPick(choice.value)}
          >
            <span class="label">{choice.label}</span>
            {choice.detail && <span class="detail">{choice.detail}</span>}
            {choice.body && <span class="body">{choice.body}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
