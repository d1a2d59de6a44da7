import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { AnswerText, FaqAnswers } from "@wire/protocol";
import { content as t } from "../../strings/content";
import { languageName } from "../../views/words";
import { useLoaded } from "../loaded";
import { LoadedView, ProblemView } from "../parts";
import { useEditing } from "./editing";
import { PreviewView } from "./preview";
import { findAnswers } from "./requests";

const CORE = ["sv", "sv-x-easy", "en"];
const FURTHER = ["ar", "so", "fa", "ti", "fi", "uk", "pl", "bs", "es"];
const MAX_CHARS = 600;

interface Props {
  set: string;
  faq: string;
  onEdited(sentence: string): void;
}

/** A question's answers side by side: Swedish, easy Swedish and English, the others when they are asked for. */
export function AnswersView({ set, faq, onEdited }: Props) {
  const answers = useLoaded(() => findAnswers(set, faq), [set, faq]);
  const [all, setAll] = useState(false);
  const [added, setAdded] = useState<string[]>([]);
  const edited = (sentence: string): void => {
    answers.reload();
    onEdited(sentence);
  };
  return (
    <section aria-label={t.answers} class="answers-of">
      <h4>{t.answers}</h4>
      <LoadedView of={answers}>
        {(value) => (
          <>
            {shownTexts(value, all, added).map((text) => (
              <AnswerView
                key={text.language}
                set={set}
                faq={faq}
                of={text}
                onEdited={edited}
                onConflict={answers.reload}
              />
            ))}
            <div class="actions">
              {!all && value.texts.length > CORE.length && (
                <button type="button" onClick={() => setAll(true)}>
                  {t.showMore}
                </button>
              )}
              <AddLanguage of={value} onAdd={(language) => setAdded([...added, language])} />
            </div>
          </>
        )}
      </LoadedView>
    </section>
  );
}

function shownTexts({ texts }: FaqAnswers, all: boolean, added: string[]): AnswerText[] {
  const shown = texts.filter(({ language, stale }) => all || stale || CORE.includes(language));
  const there = texts.map(({ language }) => language);
  const fresh = added.filter((language) => !there.includes(language));
  const empty = { question: "", answer: "", seen: "", stale: false, translation: null };
  return [...shown, ...fresh.map((language) => ({ ...empty, language, placeholders: [] }))];
}

function AddLanguage({ of, onAdd }: { of: FaqAnswers; onAdd(language: string): void }) {
  const there = of.texts.map(({ language }) => language);
  const missing = FURTHER.filter((language) => !there.includes(language));
  if (missing.length === 0) return null;
  return (
    <label class="inline">
      {t.addLanguage}
      <select
        value=""
        onChange={(event) => {
          if (event.currentTarget.value !== "") onAdd(event.currentTarget.value);
        }}
      >
        <option value="" />
        {missing.map((language) => (
          <option key={language} value={language}>
            {languageName(language)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface AnswerProps extends Props {
  of: AnswerText;
  onConflict(): void;
}

/** A text that follows the server's as long as nobody has written another: what is typed is not lost. */
function useFollowing(server: string): [string, (text: string) => void] {
  const [text, setText] = useState(server);
  const last = useRef(server);
  useEffect(() => {
    const before = last.current;
    last.current = server;
    setText((now) => (now === before ? server : now));
  }, [server]);
  return [text, setText];
}

/** One language: its texts to edit, its gaps, and how the chat shows it. */
function AnswerView({ set, faq, of, onEdited, onConflict }: AnswerProps) {
  const { language, seen } = of;
  const id = useId();
  const [question, setQuestion] = useFollowing(of.question);
  const [answer, setAnswer] = useFollowing(of.answer);
  const name = languageName(language);
  const editing = useEditing(set, () => undefined, onConflict);
  const changed = question !== of.question || answer !== of.answer;

  async function save(): Promise<void> {
    const edit = { kind: "set_answer" as const, faq, language, question, answer, seen };
    if (await editing.send(edit)) onEdited(t.saved(name));
  }

  async function confirm(): Promise<void> {
    if (await editing.send({ kind: "confirm_answer", faq, language, seen })) {
      onEdited(t.confirmed(name));
    }
  }

  return (
    <form
      class="answer-of"
      aria-labelledby={id}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h5 id={id}>
        {name} {of.stale && <span class="tag stale">{t.stale}</span>}
        {of.translation !== null && of.translation !== "reviewed" && (
          <span class="tag">{t.unreviewed}</span>
        )}
      </h5>
      <label>
        {t.question}
        <input
          required
          lang={language}
          dir="auto"
          maxLength={MAX_CHARS}
          value={question}
          onInput={(event) => setQuestion(event.currentTarget.value)}
        />
      </label>
      <label>
        {t.answer}
        <textarea
          required
          lang={language}
          dir="auto"
          rows={6}
          maxLength={MAX_CHARS}
          value={answer}
          onInput={(event) => setAnswer(event.currentTarget.value)}
        />
      </label>
      <p class="facts">{t.characters(answer.length)}</p>
      {of.placeholders.length > 0 && (
        <>
          <p class="facts">{t.gaps}</p>
          <ul class="gap-list">
            {of.placeholders.map(({ name: gap, shown, filled }) => (
              <li key={gap}>
                <code>{`{{${gap}}}`}</code> <span lang={language}>{shown}</span>{" "}
                <span class="facts">{filled ? t.gapFilled : t.gapStandsIn}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <PreviewView set={set} faq={faq} language={language} answer={answer} />
      <ProblemView sentence={editing.problem} />
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={editing.busy || !changed}>
          {t.save}
        </button>
        {of.stale && !changed && (
          <button type="button" aria-disabled={editing.busy} onClick={() => void confirm()}>
            {t.confirm}
          </button>
        )}
      </div>
    </form>
  );
}
