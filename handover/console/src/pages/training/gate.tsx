import type { TrainingFigures } from "@wire/protocol";
import { training } from "../../strings/training";

/** Whether the model may be put into service, and every reason why not with the questions that show it. */
export function GateView({ of: { gate, figures } }: { of: TrainingFigures }) {
  return (
    <section class={`gate ${gate.open ? "open" : "closed"}`} aria-labelledby="gate">
      <h3 id="gate">{training.gate}</h3>
      <p>{gate.open ? training.open : training.closed}</p>
      {gate.reasons.length > 0 && (
        <ul>
          {gate.reasons.map(({ code, subject, sentence, questions }) => (
            <li key={`${code} ${subject ?? ""}`}>
              {sentence}
              {questions.length > 0 && (
                <details>
                  <summary>{training.showQuestions(questions.length)}</summary>
                  <ul>
                    {questions.map((id) => (
                      <li key={id}>{figures.named[id]}</li>
                    ))}
                  </ul>
                </details>
              )}
            </li>
          ))}
        </ul>
      )}
      {gate.unjudged.length > 0 && (
        <details>
          <summary>{training.unjudged(gate.unjudged.length)}</summary>
          <p>{gate.unjudged.join(", ")}</p>
        </details>
      )}
    </section>
  );
}
