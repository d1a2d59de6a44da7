import type { TriedSentence } from "@wire/protocol";
import { playground } from "../../strings/playground";

/** What the assistant would say, as text. */
export function AnswerView({ of, language }: { of: TriedSentence; language: string }) {
  const { decision, mode, messages, level } = of;
  return (
    <section aria-labelledby="answer">
      <h3 id="answer">{playground.answer}</h3>
      <p>
        {playground.decisions[decision] ?? decision} {level && playground.modes[mode]}
      </p>
      {messages.map(({ text, choices, faq }, index) => (
        <div key={index} class="said-by-assistant" lang={language.slice(0, 2)} dir="auto">
          {faq && <p class="faq">{faq}</p>}
          {text.split(/\n{2,}/).map((paragraph, place) => (
            <p key={place}>{paragraph}</p>
          ))}
          {choices.length > 0 && (
            <ul aria-label={playground.choices}>
              {choices.map((choice) => (
                <li key={choice}>{choice}</li>
              ))}
            </ul>
          )}
        </div>
      ))}
    </section>
  );
}
