import { useId, useState } from "preact/hooks";
import type { ServiceIntents, SetSearchWords } from "@wire/protocol";
import { content as t } from "../../strings/content";
import { PersonForm } from "../people/form";
import { useEditing } from "./editing";

interface Props {
  set: string;
  service: ServiceIntents;
  onEdited(sentence: string): void;
  onClose(): void;
}

/** The words that people use for a service, one a line. */
export function WordsForm({ set, service, onEdited, onClose }: Props) {
  const hint = useId();
  const [seen, setSeen] = useState(service.seen);
  const [words, setWords] = useState(service.search_words.join("\n"));
  const editing = useEditing(
    set,
    () => onEdited(t.searchWordsOf(service.name)),
    () => setSeen(service.seen),
  );

  async function save(): Promise<void> {
    const given = words.split("\n").map((word) => word.trim());
    const edit = {
      kind: "set_search_words" as const,
      service: service.id,
      // The server says so where there are too few.
      words: given.filter((word) => word !== "") as SetSearchWords["words"],
      seen,
    };
    if (await editing.send(edit)) onClose();
  }

  return (
    <PersonForm
      heading={t.searchWordsOf(service.name)}
      busy={editing.busy}
      problem={editing.problem}
      onSave={() => void save()}
      onCancel={onClose}
    >
      <label>
        {t.searchWords}
        <textarea
          rows={8}
          value={words}
          aria-describedby={hint}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      <p id={hint} class="hint">
        {t.searchWordsHint}
      </p>
    </PersonForm>
  );
}
