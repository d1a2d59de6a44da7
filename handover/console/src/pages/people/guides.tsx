import { useState } from "preact/hooks";
import type { GuideProfileView, GuideState } from "@wire/protocol";
import { pages } from "../../strings/pages";
import { sv } from "../../strings/sv";
import { useNames } from "../../views/names";
import { languageName } from "../../views/words";
import { useLoaded } from "../loaded";
import { Cell, LoadedView, RowHead, SaidView, TableView } from "../parts";
import { findGuides } from "../requests";
import { useFocusBack } from "./form";
import { GuideForm } from "./guide_form";

const t = pages.people;

/** What each guide takes on, and whether it is there; `states` are those who were there lately. */
export function GuidesView({ states }: { states: readonly GuideState[] }) {
  const guides = useLoaded(findGuides, []);
  const [edited, setEdited] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const section = useFocusBack(edited);

  function keep(changed: GuideProfileView): void {
    guides.change(({ guides: all }) => ({
      guides: all.map((each) => (each.id === changed.id ? changed : each)),
    }));
    setSaid(t.saved(changed.name));
    setEdited(null);
  }

  function edit(id: string): void {
    setSaid("");
    setEdited(id);
  }

  return (
    <section aria-labelledby="guides" ref={section}>
      <h3 id="guides">{t.guides}</h3>
      <SaidView sentence={said} />
      <LoadedView of={guides}>
        {({ guides: all }) => {
          const one = all.find(({ id }) => id === edited);
          if (all.length === 0) return <p class="nobody">{t.guidesNone}</p>;
          return (
            <>
              <TableView name={t.guides} columns={t.guideColumns}>
                {all.map((guide) => (
                  <GuideRow
                    key={guide.id}
                    guide={guide}
                    state={states.find(({ id }) => id === guide.id)}
                    onEdit={edit}
                  />
                ))}
              </TableView>
              {one && (
                <GuideForm
                  key={one.id}
                  guide={one}
                  onSaved={keep}
                  onCancel={() => setEdited(null)}
                />
              )}
            </>
          );
        }}
      </LoadedView>
    </section>
  );
}

interface RowProps {
  guide: GuideProfileView;
  /** Undefined for one who was not there lately. */
  state: GuideState | undefined;
  onEdit(id: string): void;
}

function GuideRow({ guide, state, onEdit }: RowProps) {
  const names = useNames();
  const { guideColumns: columns } = t;
  return (
    <tr role="row">
      <RowHead>{guide.name}</RowHead>
      <Cell label={columns.presence}>{presenceOf(state)}</Cell>
      <Cell label={columns.load}>
        {state ? t.load(state.load, guide.capacity) : t.atMost(guide.capacity)}
      </Cell>
      <Cell label={columns.services}>
        {guide.services.map(names.service).join(", ") || t.everyService}
      </Cell>
      <Cell label={columns.languages}>{guide.languages.map(languageName).join(", ")}</Cell>
      <Cell label={columns.action}>
        <button
          type="button"
          data-opens={guide.id}
          aria-label={t.editOf(guide.name)}
          onClick={() => onEdit(guide.id)}
        >
          {t.edit}
        </button>
      </Cell>
    </tr>
  );
}

function presenceOf(state: GuideState | undefined): string {
  if (state === undefined) return t.absent;
  const presence = sv.presences[state.presence];
  return state.automatic ? t.byClock(presence) : presence;
}
