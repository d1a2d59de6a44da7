import { useState } from "preact/hooks";
import type { IntentLine, IntentList, ServiceIntents } from "@wire/protocol";
import { hashOf } from "../../router";
import { content as t } from "../../strings/content";
import { languageName } from "../../views/words";
import { SaidView } from "../parts";
import { NewFaqForm } from "./new_faq";
import { WordsForm } from "./words_form";

interface Props {
  set: string;
  of: IntentList;
  onEdited(sentence: string): void;
}

/** Every service with its questions, narrowed by what is searched for. */
export function ServicesView({ set, of, onEdited }: Props) {
  const [wanted, setWanted] = useState("");
  const found = of.services
    .map((service) => ({ ...service, intents: matching(service, wanted) }))
    .filter(({ intents }) => intents.length > 0);
  const others = of.others.filter(({ id }) => id.includes(wanted.trim().toLowerCase()));
  const count = found.reduce((sum, { intents }) => sum + intents.length, others.length);
  return (
    <>
      <form class="filter" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          {t.search}
          <input
            type="search"
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        </label>
      </form>
      <SaidView sentence={wanted === "" ? "" : count > 0 ? t.hits(count) : t.noHits} />
      {found.map((service) => (
        <details key={service.id} class="service" open={wanted !== "" && found.length <= 5}>
          <summary>
            <span class="name">{service.name}</span>{" "}
            {service.audience === "staff" && <span class="tag">{t.staff}</span>}{" "}
            <span class="facts">{t.hits(service.intents.length)}</span>
          </summary>
          <IntentLinks intents={service.intents} />
          <ServiceForms set={set} service={service} onEdited={onEdited} />
        </details>
      ))}
      {others.length > 0 && (
        <details class="service">
          <summary>
            <span class="name">{t.others}</span>
          </summary>
          <IntentLinks intents={others} />
        </details>
      )}
    </>
  );
}

function IntentLinks({ intents }: { intents: IntentLine[] }) {
  return (
    <ul class="intents">
      {intents.map(({ id, question, counts, stale }) => (
        <li key={id}>
          <a href={`${hashOf("content")}/${encodeURIComponent(id)}`}>{question || id}</a>{" "}
          <span class="facts">
            {question && `${id} · `}
            {t.examplesOf(counts.reduce((sum, { count }) => sum + count, 0))}
          </span>{" "}
          {stale.length > 0 && (
            <span class="tag stale">{t.staleIn(stale.map(languageName).join(", "))}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

interface FormsProps {
  set: string;
  service: ServiceIntents;
  onEdited(sentence: string): void;
}

function ServiceForms(props: FormsProps) {
  const [opened, setOpened] = useState<"" | "words" | "faq">("");
  const close = (): void => setOpened("");
  return (
    <div class="service-forms">
      {opened === "" && (
        <div class="actions">
          <button type="button" onClick={() => setOpened("faq")}>
            {t.newFaqIn(props.service.name)}
          </button>
          <button type="button" onClick={() => setOpened("words")}>
            {t.searchWordsOf(props.service.name)}
          </button>
        </div>
      )}
      {opened === "faq" && <NewFaqForm {...props} onClose={close} />}
      {opened === "words" && <WordsForm {...props} onClose={close} />}
    </div>
  );
}

function matching({ name, intents }: ServiceIntents, wanted: string): IntentLine[] {
  const words = wanted.trim().toLowerCase();
  if (words === "" || name.toLowerCase().includes(words)) return intents;
  return intents.filter(({ id, question }) => `${id} ${question}`.toLowerCase().includes(words));
}
