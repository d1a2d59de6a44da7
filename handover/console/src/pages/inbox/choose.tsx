import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LikelyFaq } from "@wire/protocol";
import { inbox as t } from "../../strings/inbox";
import { pages } from "../../strings/pages";
import { Picker } from "../../views/picker";
import type { Faqs } from "./faqs";

const MAX_NAME_CHARACTERS = 120;

interface FaqProps {
  faqs: Faqs;
  likely: readonly LikelyFaq[];
  onPick(faq: string): void;
  onCancel(): void;
}

/** Which question a text belongs to: what is likeliest is chosen already, so that Enter takes it. */
export function ChooseFaq({ faqs, likely, onPick, onCancel }: FaqProps) {
  const [search, setSearch] = useState("");
  const choices = useMemo(() => faqs.choices(search, likely), [faqs, search, likely]);
  return (
    <Choosing onCancel={onCancel}>
      <Picker
        label={t.chooseFaq}
        choices={choices}
        empty={t.noFaq}
        onSearch={setSearch}
        onPick={onPick}
      />
      <button type="button" onClick={onCancel}>
        {pages.cancel}
      </button>
    </Choosing>
  );
}

interface NameProps {
  name: string;
  onSave(name: string): void;
  onCancel(): void;
}

/** What a question that the catalogue lacks is to be called for now. */
export function ChooseName({ name, onSave, onCancel }: NameProps) {
  const [text, setText] = useState(name);
  return (
    <Choosing onCancel={onCancel}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") onSave(text.trim());
        }}
      >
        <label>
          {t.workingName}
          <input
            required
            value={text}
            maxLength={MAX_NAME_CHARACTERS}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="submit" class="primary">
            {t.save}
          </button>
          <button type="button" onClick={onCancel}>
            {pages.cancel}
          </button>
        </div>
      </form>
    </Choosing>
  );
}

/** The field has the focus when it opens; Escape closes it. */
function Choosing({ onCancel, children }: { onCancel(): void; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const field = box.current?.querySelector("input");
    field?.focus();
    field?.select();
  }, []);
  return (
    <div
      class="choosing"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onCancel();
      }}
    >
      {children}
    </div>
  );
}
