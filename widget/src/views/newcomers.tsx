import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../chat";
import type { NewcomerQuestion } from "../wire/protocol";
import { useWords } from "./context";

/** Those who read one of these have the menu behind a button; for the others it stands open. */
const FOLDED = new Set(["sv", "en"]);

/** What people new in Sweden ask, in their language: an answer without a typed word. */
export function Newcomers({ chat }: { chat: Chat }) {
  const { t } = useWords();
  const [unfolded, setUnfolded] = useState(false);
  const foldable = FOLDED.has(chat.language);
  const shown = unfolded || !foldable;
  return (
    <section class="newcomers" aria-labelledby="newcomers">
      {foldable ? (
        <button
          type="button"
          id="newcomers"
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
        >
          {t.newcomers}
        </button>
      ) : (
        <h3 id="newcomers">{t.newcomers}</h3>
      )}
      {shown && <Questions key={chat.language} chat={chat} />}
    </section>
  );
}

function Questions({ chat }: { chat: Chat }) {
  const { t } = useWords();
  const [questions, setQuestions] = useState<NewcomerQuestion[]>([]);
  const [failed, setFailed] = useState(false);

  function fetchQuestions(): void {
    setFailed(false);
    chat.newcomers(chat.language).then(setQuestions, () => setFailed(true));
  }
  useEffect(fetchQuestions, []);

  if (failed) {
    return (
      <>
        <p class="problem" role="alert">
          {t.error}
        </p>
        <button type="button" onClick={fetchQuestions}>
          {t.retry}
        </button>
      </>
    );
  }
  if (questions.length === 0) return null;
  return (
    <>
      <p>{t.newcomersHint}</p>
      <ul class="choices" aria-label={t.newcomers}>
        {questions.map(({ title, payload, language }) => (
          <li key={payload}>
            <button
              type="button"
              class="choice"
              lang={language}
              dir="auto"
              onClick={() => chat.choose({ title, payload })}
            >
              {title}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
