import { useRef } from "preact/hooks";
import { isStarted, type ChatState } from "../state/state";
import { useWords } from "./context";
import { printConversation, saveConversation } from "./keep";

interface Props {
  state: ChatState;
  size: number;
  onSize(size: number): void;
}

/** What one does seldom: larger text, and the conversation as a file or on paper. */
export function More({ state, size, onSize }: Props) {
  const words = useWords();
  const { t } = words;
  const box = useRef<HTMLDivElement>(null);

  function print(): void {
    if (box.current) printConversation(state, words, box.current);
  }

  return (
    <div class="more" id="more" ref={box}>
      <fieldset>
        <legend>{t.textSize}</legend>
        {t.textSizes.map((name, step) => (
          <label key={step} class="answer">
            <input type="radio" name="size" checked={size === step} onChange={() => onSize(step)} />
            {name}
          </label>
        ))}
      </fieldset>
      {isStarted(state) && (
        <div class="row">
          <button type="button" onClick={() => saveConversation(state, words)}>
            {t.download}
          </button>
          <button type="button" onClick={print}>
            {t.print}
          </button>
        </div>
      )}
    </div>
  );
}
