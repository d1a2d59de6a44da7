import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { sv } from "../strings/sv";

interface Props {
  label: string;
  onClose(): void;
  onSubmit?(): void;
  /** What the button that does it says; a button beside it does nothing. */
  action?: string;
  children: ComponentChildren;
}

/** What is filled in before something is done: it takes the focus, and Escape gives it back. */
export function Panel({ label, onClose, onSubmit, action, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    form.current?.querySelector<HTMLElement>("input, textarea, select")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <form
      class="panel"
      aria-label={label}
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit?.();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSubmit?.();
      }}
    >
      {children}
      {action !== undefined && (
        <div class="actions">
          <button type="submit" class="primary">
            {action}
          </button>
          <button type="button" onClick={onClose}>
            {sv.cancel}
          </button>
        </div>
      )}
    </form>
  );
}
