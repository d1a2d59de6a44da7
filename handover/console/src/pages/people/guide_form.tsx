import { useState } from "preact/hooks";
import type { GuideProfileView } from "@wire/protocol";
import { pages } from "../../strings/pages";
import { useNames } from "../../views/names";
import { languageName } from "../../views/words";
import { useSending } from "../loaded";
import { setGuide, type Profile } from "../requests";
import { ChecksView } from "./checks";
import { LANGUAGES } from "./choices";
import { PersonForm } from "./form";

/** As the server has it. */
const MOST_AT_ONCE = 20;

const t = pages.people;

interface Props {
  guide: GuideProfileView;
  onSaved(guide: GuideProfileView): void;
  onCancel(): void;
}

/**
 * How many conversations a guide has at most, of which services and in which languages.
 *
 * Who may not read the catalogue sees the services that are chosen, by their ids.
 */
export function GuideForm({ guide, onSaved, onCancel }: Props) {
  const names = useNames();
  const [profile, setProfile] = useState<Profile>({
    capacity: guide.capacity,
    services: guide.services,
    languages: guide.languages,
  });
  const [hindered, setHindered] = useState("");
  const sending = useSending();
  const change = (part: Partial<Profile>): void => setProfile({ ...profile, ...part });

  function save(): void {
    if (profile.languages.length === 0) {
      setHindered(t.atLeastOneLanguage);
      return;
    }
    setHindered("");
    void sending.send(() => setGuide(guide.id, profile), onSaved);
  }

  return (
    <PersonForm
      heading={t.editOf(guide.name)}
      busy={sending.busy}
      problem={hindered || sending.problem}
      onSave={save}
      onCancel={onCancel}
    >
      <label>
        {t.capacity}
        <input
          type="number"
          required
          min={1}
          max={MOST_AT_ONCE}
          value={profile.capacity}
          onInput={(event) => change({ capacity: event.currentTarget.valueAsNumber })}
        />
      </label>
      <ChecksView
        legend={t.languages}
        offered={LANGUAGES}
        chosen={profile.languages}
        nameOf={languageName}
        onChoose={(languages) => change({ languages })}
      />
      <ChecksView
        legend={t.services}
        offered={names.services.map(({ id }) => id)}
        chosen={profile.services}
        nameOf={names.service}
        onChoose={(chosen) => change({ services: chosen })}
      />
    </PersonForm>
  );
}
