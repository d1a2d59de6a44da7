import { useState } from "preact/hooks";
import type { NewFaq, ServiceIntents } from "@wire/protocol";
import { hashOf } from "../../router";
import { content as t } from "../../strings/content";
import { languageName } from "../../views/words";
import { PersonForm } from "../people/form";
import { useEditing } from "./editing";

const CORE = ["sv", "sv-x-easy", "en"] as const;
type Core = (typeof CORE)[number];
type Source = NewFaq["source"];

const EMPTY: Record<Core, string> = { sv: "", "sv-x-easy": "", en: "" };
const A_YEAR_MS = 365 * 24 * 3_600_000;

interface Props {
  set: string;
  service: ServiceIntents;
  onEdited(sentence: string): void;
  onClose(): void;
}

/** A question that the catalogue does not have yet, in the three languages that each has. */
export function NewFaqForm({ set, service, onEdited, onClose }: Props) {
  const [name, setName] = useState("");
  const [question, setQuestion] = useState(EMPTY);
  const [answer, setAnswer] = useState(EMPTY);
  const [owner, setOwner] = useState("");
  const [source, setSource] = useState<Source>("facts");
  const [law, setLaw] = useState("");
  const [reviewBy, setReviewBy] = useState(dayOf(Date.now() + A_YEAR_MS));
  const editing = useEditing(set, () => onEdited(t.created(question.sv)), () => undefined);

  async function save(): Promise<void> {
    const faq = `${service.id}.${name}`;
    const created = await editing.send({
      kind: "new_faq",
      faq,
      question,
      answer,
      owner,
      source,
      law: source === "law" ? law : null,
      reviewed: dayOf(Date.now()),
      review_by: reviewBy,
    });
    if (created) location.hash = `${hashOf("content")}/${encodeURIComponent(faq)}`;
  }

  return (
    <PersonForm
      heading={t.newFaqIn(service.name)}
      busy={editing.busy}
      problem={editing.problem}
      onSave={() => void save()}
      onCancel={onClose}
    >
      <label>
        {t.id}
        <input
          required
          pattern="[a-z][a-z0-9_]*"
          maxLength={40}
          title={t.idHint}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      {CORE.map((language) => (
        <fieldset key={language}>
          <legend>{languageName(language)}</legend>
          <label>
            {t.question}
            <input
              required
              lang={language}
              maxLength={600}
              value={question[language]}
              onInput={(event) =>
                setQuestion({ ...question, [language]: event.currentTarget.value })
              }
            />
          </label>
          <label>
            {t.answer}
            <textarea
              required
              lang={language}
              rows={4}
              maxLength={600}
              value={answer[language]}
              onInput={(event) => setAnswer({ ...answer, [language]: event.currentTarget.value })}
            />
          </label>
        </fieldset>
      ))}
      <label>
        {t.source}
        <select
          value={source}
          onChange={(event) => setSource(event.currentTarget.value as Source)}
        >
          {(Object.keys(t.sources) as Source[]).map((one) => (
            <option key={one} value={one}>
              {t.sources[one]}
            </option>
          ))}
        </select>
      </label>
      {source === "law" && (
        <label>
          {t.law}
          <input required value={law} onInput={(event) => setLaw(event.currentTarget.value)} />
        </label>
      )}
      <label>
        {t.owner}
        <input required value={owner} onInput={(event) => setOwner(event.currentTarget.value)} />
      </label>
      <label>
        {t.reviewBy}
        <input
          type="date"
          required
          value={reviewBy}
          onInput={(event) => setReviewBy(event.currentTarget.value)}
        />
      </label>
    </PersonForm>
  );
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
