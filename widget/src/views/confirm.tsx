import { useLayoutEffect, useRef } from "preact/hooks";
import { useWords } from "./context";

interface Props {
  onConfirm(): void;
  onCancel(): void;
}

/** Asks before the chat is ended. */
export function ConfirmEnd({ onConfirm, onCancel }: Props) {
  const { t } = useWords();
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  return (
    <div class="confirm" role="group" aria-label={t.endQuestion}>
      <p>{t.endQuestion}</p>
      <button type="button" class="primary" ref={first} onClick={onConfirm}>
        {t.endYes}
      </button>
      <button type="button" class="secondary" onClick={onCancel}>
        {t.endNo}
      </button>
    </div>
  );
}
