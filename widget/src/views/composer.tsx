import { useState } from "preact/hooks";
import type { RefObject } from "preact";
import { holdsPersonnummer } from "../state/personnummer";
import { useWords } from "./context";

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
  const words = useWords();
  const { t } = words;
  const [text, setText] = useState(initial);
  /** What is announced: said once when it becomes true, not at every key. */
  const [told, setTold] = useState("");
  const length = [...text].length;
  const over = length - MAX_CHARACTERS;
  const warned = holdsPersonnummer(text);

  function change(next: string): void {
    const now = [...next].length - MAX_CHARACTERS;
    if (now > 0 && over <= 0) setTold(tooLong(now));
    else if (now <= 0) setTold("");
    setText(next);
    onDraft(next);
  }

  function send(): void {
    if (over > 0) return setTold(tooLong(over));
    if (text.trim() === "") return;
    onSend(text.trim());
    change("");
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }

  /** Files are not taken; where text came with them, the text is. */
  function onFiles(event: Event, data: DataTransfer | null): void {
    if (!data || data.files.length === 0 || data.getData("text/plain") !== "") return;
    event.preventDefault();
    setTold(t.noFiles);
  }

  function tooLong(count: number): string {
    return words.count(t.tooLong, count, { max: MAX_CHARACTERS });
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDrop={(event) => onFiles(event, event.dataTransfer)}
    >
      <label for="message">{t.message}</label>
      <div class="row">
        <textarea
          id="message"
          ref={field}
          rows={2}
          dir="auto"
          value={text}
          aria-describedby="message-hint message-count"
          aria-invalid={over > 0}
          onInput={(event) => change(event.currentTarget.value)}
          onPaste={(event) => onFiles(event, event.clipboardData)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="primary">
          {t.send}
        </button>
      </div>
      <p id="message-hint" class="hidden">
        {t.messageHint}
      </p>
      <p id="message-count" class={over > 0 ? "problem" : "counter"}>
        {over > 0
          ? tooLong(over)
          : length >= COUNTER_FROM && words.count(t.charactersLeft, -over)}
      </p>
      <div role="status" class={over > 0 ? "hidden" : undefined}>
        {told !== "" && <p class="notice">{told}</p>}
        {warned && <p class="notice">{t.personnummer}</p>}
      </div>
    </form>
  );
}
