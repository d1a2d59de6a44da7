import { useId, useState } from "preact/hooks";
import type { QuestionView } from "@wire/protocol";
import { content as t } from "../../strings/content";
import { languageName } from "../../views/words";
import { useLoaded } from "../loaded";
import { LoadedView, ProblemView } from "../parts";
import { useEditing, type Editing } from "./editing";
import { findQuestions, type QuestionSubject } from "./requests";

const LANGUAGES = ["sv", "en", "ar", "so", "fa", "ti", "fi", "uk", "pl", "bs", "es"];

interface Props {
  set: string;
  subject: QuestionSubject;
  onEdited(sentence: string): void;
}

/** The questions that every new model is asked of a FAQ or an outcome, and that none is trained on. */
export function QuestionsView({ set, subject, onEdited }: Props) {
  const id = useId();
  const questions = useLoaded(() => findQuestions(set, subject), [set]);
  const editing = useEditing(set, questions.reload, questions.reload);

  async function remove(text: string): Promise<void> {
    if (await editing.send({ kind: "remove_question", ...subject, text })) onEdited(t.questionRemoved(text));
  }

  return (
    <section aria-labelledby={id} class="voice">
      <h4 id={id}>{t.questions}</h4>
      <p class="facts">
        {t.questionsExplained} {"outcome" in subject && t.comesOf[subject.outcome]}
      </p>
      <LoadedView of={questions}>
        {(value) =>
          value.questions.length === 0 ? (
            <p>{t.noQuestions}</p>
          ) : (
            <ul aria-labelledby={id}>
              {value.questions.map((one) => (
                <Line
                  key={one.text}
                  of={one}
                  busy={editing.busy}
                  onRemove={() => void remove(one.text)}
                />
              ))}
            </ul>
          )
        }
      </LoadedView>
      <ProblemView sentence={editing.problem} />
      <QuestionForm subject={subject} editing={editing} onSaved={onEdited} />
    </section>
  );
}

function Line({ of, busy, onRemove }: { of: QuestionView; busy: boolean; onRemove(): void }) {
  return (
    <li>
      <span lang={of.language} dir="auto">
        {of.text}
      </span>
      {of.language !== "sv" && <span class="facts">{languageName(of.language)}</span>}
      {of.must_catch && <span class="tag">{t.mustCatch}</span>}
      <span class="actions">
        <button
          type="button"
          aria-label={t.removeOf(of.text)}
          aria-disabled={busy}
          onClick={onRemove}
        >
          {t.remove}
        </button>
      </span>
    </li>
  );
}

interface FormProps {
  subject: QuestionSubject;
  editing: Editing;
  onSaved(sentence: string): void;
}

function QuestionForm({ subject, editing, onSaved }: FormProps) {
  const [text, setText] = useState("");
  const [language, setLanguage] = useState("sv");
  const [mustCatch, setMustCatch] = useState(false);
  const isCry = "outcome" in subject && subject.outcome === "crisis";

  async function save(): Promise<void> {
    if (text.trim() === "") return;
    const question = { kind: "add_question", ...subject, language, text, must_catch: mustCatch } as const;
    if (!(await editing.send(question))) return;
    setText("");
    setMustCatch(false);
    onSaved(t.added(text));
  }

  return (
    <form
      class="example"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label>
        {t.newQuestion}
        <input
          lang={language}
          dir="auto"
          value={text}
          autoComplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {text.trim() !== "" && (
        <>
          <label>
            {t.questionLanguage}
            <select value={language} onChange={(event) => setLanguage(event.currentTarget.value)}>
              {LANGUAGES.map((one) => (
                <option key={one} value={one}>
                  {languageName(one)}
                </option>
              ))}
            </select>
          </label>
          {isCry && (
            <label class="check">
              <input
                type="checkbox"
                checked={mustCatch}
                onChange={(event) => setMustCatch(event.currentTarget.checked)}
              />
              {t.mustCatch}
            </label>
          )}
          <div class="actions">
            <button type="submit" class="primary" aria-disabled={editing.busy}>
              {t.add}
            </button>
          </div>
        </>
      )}
    </form>
  );
}
