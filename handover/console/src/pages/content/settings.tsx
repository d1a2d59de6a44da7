import { useState } from "preact/hooks";
import { hashOf } from "../../router";
import { content as t } from "../../strings/content";
import { ProblemView } from "../parts";
import { useEditing } from "./editing";
import { findAnswers } from "./requests";

interface Props {
  set: string;
  faq: string;
  question: string;
  onEdited(sentence: string): void;
}

/** What is rarely done to a question: another id, or away with it. */
export function FaqSettings({ set, faq, question, onEdited }: Props) {
  const [service = "", name = ""] = faq.split(".");
  const [to, setTo] = useState(name);
  const [sure, setSure] = useState(false);
  const editing = useEditing(set, () => undefined, () => setSure(false));

  async function rename(): Promise<void> {
    const id = `${service}.${to}`;
    if (!(await editing.send({ kind: "rename_faq", faq, to: id }))) return;
    location.hash = `${hashOf("content")}/${encodeURIComponent(id)}`;
    onEdited(t.renamed(id));
  }

  async function retire(): Promise<void> {
    const { texts } = await findAnswers(set, faq);
    const seen = texts.find(({ language }) => language === "sv")?.seen ?? "";
    if (!(await editing.send({ kind: "retire_faq", faq, seen }))) return;
    location.hash = hashOf("content");
    onEdited(t.retired(question));
  }

  return (
    <details class="service">
      <summary>{t.settings}</summary>
      <ProblemView sentence={editing.problem} />
      <form
        class="filter"
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <label>
          {t.newId}
          <input
            required
            pattern="[a-z][a-z0-9_]*"
            maxLength={40}
            title={t.idHint}
            value={to}
            onInput={(event) => setTo(event.currentTarget.value)}
          />
        </label>
        <button type="submit" aria-disabled={editing.busy || to === name}>
          {t.rename}
        </button>
      </form>
      <p class="facts">{t.renameHint}</p>
      {sure ? (
        <p>
          {t.retireSure}{" "}
          <button type="button" onClick={() => void retire()}>
            {t.retireYes}
          </button>{" "}
          <button type="button" onClick={() => setSure(false)}>
            {t.cancel}
          </button>
        </p>
      ) : (
        <button type="button" onClick={() => setSure(true)}>
          {t.retire}
        </button>
      )}
    </details>
  );
}
