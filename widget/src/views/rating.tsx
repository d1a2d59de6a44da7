import { useState } from "preact/hooks";
import type { Rating } from "../chat";
import { useWords } from "./context";
import { useFocusOnArrival } from "./focus";

const SCORES = [1, 2, 3, 4, 5] as const;
const MAX_COMMENT = 1_000;

interface Props {
  onRate(rating: Rating): void;
}

/** The verdict after the end: a score, whether the question was answered, and a comment. */
export function RatingForm({ onRate }: Props) {
  const words = useWords();
  const { t } = words;
  const heading = useFocusOnArrival();
  const [score, setScore] = useState<number | null>(null);
  const [resolved, setResolved] = useState<boolean | null>(null);
  const [comment, setComment] = useState("");
  const [missing, setMissing] = useState(false);

  function send(event: Event): void {
    event.preventDefault();
    setMissing(score === null);
    if (score !== null) onRate({ score, resolved, comment });
  }

  return (
    <form class="rating" aria-labelledby="rating-heading" onSubmit={send} noValidate>
      <h3 id="rating-heading" ref={heading} tabIndex={-1}>
        {t.rateHeading}
      </h3>
      <fieldset aria-describedby="score-scale">
        <legend>{t.score}</legend>
        <div class="scores">
          {SCORES.map((value) => (
            <label key={value} class="score">
              <input
                type="radio"
                name="score"
                checked={score === value}
                aria-label={words.digits(t.scoreNames[value - 1] ?? "")}
                onChange={() => setScore(value)}
              />
              <span aria-hidden="true">{words.number(value)}</span>
            </label>
          ))}
        </div>
        <p id="score-scale" class="scale">
          <span>{words.digits(t.scoreLow)}</span> <span>{words.digits(t.scoreHigh)}</span>
        </p>
      </fieldset>
      {missing && score === null && (
        <p role="alert" class="problem">
          {words.digits(t.scoreMissing)}
        </p>
      )}
      <fieldset>
        <legend>{t.resolved}</legend>
        {[true, false].map((value) => (
          <label key={String(value)} class="answer">
            <input
              type="radio"
              name="resolved"
              checked={resolved === value}
              onChange={() => setResolved(value)}
            />
            {value ? t.yes : t.no}
          </label>
        ))}
      </fieldset>
      <label for="comment">{t.comment}</label>
      <textarea
        id="comment"
        rows={2}
        maxLength={MAX_COMMENT}
        value={comment}
        onInput={(event) => setComment(event.currentTarget.value)}
      />
      <button type="submit" class="primary">
        {t.sendRating}
      </button>
    </form>
  );
}

export function Thanks() {
  const { t } = useWords();
  const text = useFocusOnArrival();
  return (
    <p class="thanks" ref={text} tabIndex={-1}>
      {t.thanks}
    </p>
  );
}
