import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { pages } from "../../strings/pages";
import { ProblemView } from "../parts";

interface Props {
  heading: string;
  busy: boolean;
  problem: string;
  onSave(): void;
  onCancel(): void;
  children: ComponentChildren;
}

/** What is changed of one person. It takes the focus when it is opened; Escape leaves it. */
export function PersonForm({ heading, busy, problem, onSave, onCancel, children }: Props) {
  const id = useId();
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  return (
    <form
      class="person"
      aria-labelledby={id}
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <h4 id={id} ref={title} tabIndex={-1}>
        {heading}
      </h4>
      {children}
      <ProblemView sentence={problem} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={busy}>
          {pages.people.save}
        </button>
        <button type="button" onClick={onCancel}>
          {pages.cancel}
        </button>
      </div>
    </form>
  );
}

/** Gives the focus back to the button that opened a form, when it has closed. */
export function useFocusBack(opened: string | null): { current: HTMLElement | null } {
  const within = useRef<HTMLElement>(null);
  const before = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (opened === null && before.current !== null) {
      within.current
        ?.querySelector<HTMLElement>(`[data-opens="${CSS.escape(before.current)}"]`)
        ?.focus();
    }
    before.current = opened;
  }, [opened]);
  return within;
}
