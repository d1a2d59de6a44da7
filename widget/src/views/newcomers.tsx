import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../chat";
import type { NewcomerQuestion } from "../wire/protocol";
import { useWords } from "./context";

/** Those who read one of these have the menu behind a button; for the others it stands open. */
const FOLDED = new Set(["sv", "en"]);

/** What people new in Sweden ask, in their language: an answer without a typed word. */
export function Newcomers({ chat }: { chat: Chat }) {
  const { language, t } = useWords();
  const [unfolded, setUnfolded] = useState(false);
  const [questions, setQuestions] = useState<NewcomerQuestion[] | null>(null);
  const [failed, setFailed] = useState(false);
  const folded = FOLDED.has(chat.language) && !unfolded;

  useEffect(() => {
    if (folded) return;
    let wanted = true;
    setFailed(false);
    chat
      .newcomers(chat.language)
      .then((found) => wanted && setQuestions(found))
      .catch(() => wanted && setFailed(true));
    return () => {
      wanted = false;
    };
  }, [folded, chat.language]);

  if (FOLDED.has(chat.language) || failed) {
    return (
      <section class="newcomers">
        <button
          type="button"
          aria-expanded={!folded && !failed}
          onClick={() => {
            setFailed(false);
            setUnfolded(failed || !unfolded);
          }}
        >
          {t.newcomers}
        </button>
        {failed && <p class="problem" role="alert">{t.error}</p>}
        {!folded && !failed && <Questions chat={chat} questions={questions} />}
      </section>
    );
  }
  return (
    <section class="newcomers" aria-labelledby="newcomers" lang={language}>
      <h3 id="newcomers">{t.newcomers}</h3>
      <Questions chat={chat} questions={questions} />
    </section>
  );
}

interface QuestionsProps {
  chat: Chat;
  questions: NewcomerQuestion[] | null;
}

function Questions({ chat, questions }: QuestionsProps) {
  const { t } = useWords();
  if (questions === null || questions.length === 0) return null;
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
