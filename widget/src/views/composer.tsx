import { useState } from "preact/hooks";
import type { RefObject } from "preact";
import { useLanguage } from "./context";

const MAX_CHARACTERS = 4_000;
const COUNTER_FROM = 3_600;

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  initial: string;
  onDraft(text: string): void;
  onSend(text: string): void;
}

/** The field where one writes. Enter sends, Shift + Enter makes a new line. */
export function Composer({ field, initial, onDraft, onSend }: Props) {
  const { t } = useLanguage();
  const [text, setText] = useState(initial);
  const length = [...text].length;

  function change(next: string): void {
    setText(next);
    onDraft(next);
  }

  function send(): void {
    if (text.trim() === "" || length > MAX_CHARACTERS) return;
    onSend(text.trim());
    change("");
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label for="message">{t.message}</label>
      <div class="row">
        <textarea
          id="message"
          ref={field}
          rows={2}
          value={text}
          aria-describedby="message-hint message-count"
          aria-invalid={length > MAX_CHARACTERS}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="primary">
          {t.send}
        </button>
      </div>
      <p id="message-hint" class="hidden">
        {t.messageHint}
      </p>
      <p
        id="message-count"
        class={length > MAX_CHARACTERS ? "counter over" : "counter"}
        aria-live={length > MAX_CHARACTERS ? "polite" : "off"}
      >
        {length >= COUNTER_FROM && counter(length)}
      </p>
    </form>
  );

  function counter(count: number): string {
    const left = MAX_CHARACTERS - count;
    return left >= 0 ? t.charactersLeft(left) : t.tooLong(-left);
  }
}
