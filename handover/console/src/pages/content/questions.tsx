import { useId, useState } from "preact/hooks";
import type { QuestionView } from "@wire/protocol";
import { content as t } from "../../strings/content";
import { languageName } from "../../views/words";
import { useLoaded } from "../loaded";
import { LoadedView, ProblemView } from "../parts";
import { useEditing, type Editing } from "./editing";
import { findQuestions } from "./requests";

const LANGUAGES = ["sv", "en", "ar", "so", "fa", "ti", "fi", "uk", "pl", "bs", "es"];

interface Props {
  set: string;
  faq: string;
  onEdited(sentence: string): void;
}

/** The questions that every new model is asked of a FAQ, and that none is trained on. */
export function QuestionsView({ set, faq, onEdited }: Props) {
  const id = useId();
  const questions = useLoaded(() => findQuestions(set, faq), [set, faq]);
  const editing = useEditing(set, questions.reload, questions.reload);

  async function remove(text: string): Promise<void> {
    if (await editing.send({ kind: "remove_question", faq, text })) onEdited(t.questionRemoved(text));
  }

  return (
    <section aria-labelledby={id} class="voice">
      <h4 id={id}>{t.questions}</h4>
      <p class="facts">{t.questionsExplained}</p>
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
      <QuestionForm faq={faq} editing={editing} onSaved={onEdited} />
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
  faq: string;
  editing: Editing;
  onSaved(sentence: string): void;
}

function QuestionForm({ faq, editing, onSaved }: FormProps) {
  const [text, setText] = useState("");
  const [language, setLanguage] = useState("sv");

  async function save(): Promise<void> {
    if (text.trim() === "") return;
    if (!(await editing.send({ kind: "add_question", faq, language, text }))) return;
    setText("");
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
