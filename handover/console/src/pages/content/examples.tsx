import { useId, useState } from "preact/hooks";
import type { ExampleBlock, ExampleList } from "@wire/protocol";
import { hashOf } from "../../router";
import { content as t } from "../../strings/content";
import { languageName } from "../../views/words";
import { ProblemView } from "../parts";
import { useFocusBack } from "../people/form";
import { useEditing, type Editing } from "./editing";
import { FindingsView, useFindings } from "./findings";

interface Props {
  set: string;
  of: ExampleList;
  onEdited(sentence: string): void;
  onConflict(): void;
}

/** The examples of a question, voice by voice. */
export function ExamplesView(props: Props) {
  return (
    <section aria-label={t.examples} class="examples">
      <h4>{t.examples}</h4>
      {props.of.blocks.map((block) => (
        <BlockView key={`${block.language}/${block.voice}`} {...props} block={block} />
      ))}
    </section>
  );
}

function BlockView({ set, of, block, onEdited, onConflict }: Props & { block: ExampleBlock }) {
  const { language, voice, texts, least } = block;
  const id = useId();
  const [opened, setOpened] = useState<string | null>(null);
  const within = useFocusBack(opened);
  const editing = useEditing(set, () => undefined, onConflict);
  const place = { intent: of.intent, language, voice: voice as "vardag" };
  const name = language === "sv" || voice === "en" ? (t.voices[voice] ?? voice) : languageName(language);

  async function remove(text: string): Promise<void> {
    if (await editing.send({ kind: "remove_example", ...place, text })) onEdited(t.removed(text));
  }

  return (
    <details class="voice" open={texts.length < least} ref={within as never}>
      <summary id={id}>
        {name}{" "}
        <span class={texts.length < least ? "facts few" : "facts"}>
          {least > 0 ? t.atLeast(texts.length, least) : t.examplesOf(texts.length)}
        </span>
      </summary>
      {editing.renamedTo !== "" && (
        <a href={`${hashOf("content")}/${encodeURIComponent(editing.renamedTo)}`}>{t.toNew}</a>
      )}
      <ul aria-labelledby={id}>
        {texts.map((text) => (
          <li key={text} lang={language} dir="auto">
            {opened === text ? (
              <ExampleForm
                set={set}
                place={place}
                label={t.changeOf(text)}
                instead={text}
                onSaved={(sentence) => {
                  setOpened(null);
                  onEdited(sentence);
                }}
                editing={editing}
                onCancel={() => setOpened(null)}
              />
            ) : (
              <>
                <span>{text}</span>
                <span class="actions" lang="sv">
                  <button
                    type="button"
                    data-opens={text}
                    aria-label={t.changeOf(text)}
                    onClick={() => setOpened(text)}
                  >
                    {t.change}
                  </button>
                  <button
                    type="button"
                    aria-label={t.removeOf(text)}
                    aria-disabled={editing.busy}
                    onClick={() => void remove(text)}
                  >
                    {t.remove}
                  </button>
                </span>
              </>
            )}
          </li>
        ))}
      </ul>
      <ProblemView sentence={editing.problem} />
      <ExampleForm
        set={set}
        place={place}
        label={t.addTo(name)}
        instead=""
        editing={editing}
        onSaved={onEdited}
      />
    </details>
  );
}

interface FormProps {
  set: string;
  place: { intent: string; language: string; voice: "vardag" };
  label: string;
  /** The example that is changed, empty for a new one. */
  instead: string;
  editing: Editing;
  onSaved(sentence: string): void;
  onCancel?(): void;
}

/** A field for one example; what is to be said of it stands below while it is typed. */
function ExampleForm({ set, place, label, instead, editing, onSaved, onCancel }: FormProps) {
  const [text, setText] = useState(instead);
  const id = useId();
  const findings = useFindings(set, { ...place, text, instead_of: instead }, text !== instead);
  const blocked = findings?.findings.some(({ blocks }) => blocks) ?? false;

  async function save(): Promise<void> {
    if (blocked || text.trim() === "") return;
    const taken =
      instead === ""
        ? await editing.send({ kind: "add_example", ...place, text })
        : await editing.send({ kind: "change_example", ...place, text: instead, to: text });
    if (!taken) return;
    if (instead === "") setText("");
    onSaved(instead === "" ? t.added(text) : t.changed(text));
  }

  return (
    <form
      class="example"
      lang="sv"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel?.();
      }}
    >
      <label>
        {label}
        <input
          lang={place.language}
          dir="auto"
          value={text}
          autoComplete="off"
          autoFocus={instead !== ""}
          aria-describedby={id}
          aria-invalid={blocked}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <FindingsView id={id} of={findings} />
      {text.trim() !== "" && (
        <div class="actions">
          <button type="submit" class="primary" aria-disabled={editing.busy || blocked}>
            {instead === "" ? t.add : t.save}
          </button>
          {onCancel && (
            <button type="button" onClick={onCancel}>
              {t.cancel}
            </button>
          )}
        </div>
      )}
    </form>
  );
}
