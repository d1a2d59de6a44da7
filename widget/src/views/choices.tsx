import type { Choice } from "../wire/protocol";
import { useWords } from "./context";

/** The choice that asks for a person; the panel has a button of its own for that. */
const HUMAN_PAYLOAD = "human";

interface Props {
  choices: readonly Choice[];
  onChoose(choice: Choice): void;
}

/** Quick replies to the latest message. */
export function Choices({ choices, onChoose }: Props) {
  const { t } = useWords();
  const offered = choices.filter(({ payload }) => payload !== HUMAN_PAYLOAD);
  if (offered.length === 0) return null;
  return (
    <div class="choices" role="group" aria-label={t.suggestions}>
      {offered.map((choice) => (
        <button key={choice.payload} type="button" class="choice" dir="auto" onClick={() => onChoose(choice)}>
          {choice.title}
        </button>
      ))}
    </div>
  );
}
