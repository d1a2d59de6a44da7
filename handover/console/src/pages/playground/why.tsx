import type { Explanation, ExplainedIntent } from "@wire/protocol";
import { playground } from "../../strings/playground";
import { Cell, RowHead, TableView } from "../parts";
import { gain, percent } from "../training/numbers";

type Part = keyof typeof playground.parts;
const PARTS = Object.keys(playground.parts) as Part[];

/** Why a sentence was understood as it was. */
export function WhyView({ of }: { of: Explanation }) {
  const columns = playground.rankingColumns;
  return (
    <section aria-labelledby="why">
      <h3 id="why">{playground.why}</h3>
      {of.thresholds && (
        <p>{playground.thresholds(percent(of.thresholds.answer), percent(of.thresholds.ask))}</p>
      )}
      <TableView name={playground.ranking} columns={columns}>
        {of.ranking.slice(0, 5).map(({ name, confidence }) => (
          <tr key={name} role="row">
            <RowHead>{name}</RowHead>
            <Cell label={columns.confidence}>
              <meter min={0} max={1} value={confidence} aria-hidden="true" /> {percent(confidence)}
            </Cell>
          </tr>
        ))}
      </TableView>
      <Facts of={of} />
      {of.explained.map((one, index) => (
        <details key={one.intent} open={index === 0}>
          <summary>{playground.spoke(one.intent)}</summary>
          <Spoke of={one} />
        </details>
      ))}
      <Nearest of={of} />
      <Tokens of={of} />
    </section>
  );
}

function Facts({ of }: { of: Explanation }) {
  const { danger, staff_share: staff, language, entities, questions } = of;
  return (
    <ul class="facts">
      <li>{language ? playground.writtenIn(nameOf(language)) : playground.languageUnknown}</li>
      <li>
        {entities.length === 0
          ? playground.noEntities
          : `${playground.entities}: ${entities.map(({ value }) => value).join(", ")}`}
      </li>
      {danger && (
        <li>
          {playground.danger(percent(danger.likelihood))}{" "}
          {danger.is_alarm ? playground.alarm : danger.is_harmless && playground.harmless}
        </li>
      )}
      {staff > 0.01 && <li>{playground.staffShare(percent(staff))}</li>}
      {questions.length > 0 && (
        <li>
          {playground.questions}:{" "}
          {questions.map(({ text, name }) => `”${text}” (${name})`).join(", ")}
        </li>
      )}
    </ul>
  );
}

function Spoke({ of }: { of: ExplainedIntent }) {
  const { partColumns, parts, terms } = playground;
  return (
    <div class="spoke">
      <div>
        <p aria-hidden="true">{playground.together}</p>
        <TableView name={playground.spoke(of.intent)} columns={partColumns}>
          {PARTS.map((part) => (
            <tr key={part} role="row">
              <RowHead>{parts[part]}</RowHead>
              <Cell label={partColumns.gain}>{gain(of[part])}</Cell>
            </tr>
          ))}
        </TableView>
      </div>
      <Terms name={terms.words} of={of.words} />
      <Terms name={terms.characters} of={of.characters} />
    </div>
  );
}

function Terms({ name, of }: { name: string; of: ExplainedIntent["words"] }) {
  if (of.length === 0) return null;
  const columns = playground.termColumns;
  return (
    <div>
      <p aria-hidden="true">{name}</p>
      <TableView name={name} columns={columns}>
        {of.map(({ text, gain: by }) => (
          <tr key={text} role="row">
            <RowHead>
              <bdi>{`”${text}”`}</bdi>
            </RowHead>
            <Cell label={columns.gain}>{gain(by)}</Cell>
          </tr>
        ))}
      </TableView>
    </div>
  );
}

function Nearest({ of: { nearest } }: { of: Explanation }) {
  const columns = playground.nearestColumns;
  return (
    <>
      <h4>{playground.nearest}</h4>
      <TableView name={playground.nearest} columns={columns}>
        {nearest.map(({ text, intent, similarity }, index) => (
          <tr key={index} role="row">
            <RowHead>
              <bdi>{text ?? playground.textNotKept}</bdi>
            </RowHead>
            <Cell label={columns.intent}>{intent}</Cell>
            <Cell label={columns.similarity}>{percent(similarity)}</Cell>
          </tr>
        ))}
      </TableView>
    </>
  );
}

function Tokens({ of: { tokens } }: { of: Explanation }) {
  return (
    <>
      <h4>{playground.tokens}</h4>
      <ul class="tokens">
        {tokens.map(({ text, start, is_known: isKnown }) => (
          <li key={start} class={isKnown ? "" : "unknown"}>
            <bdi>{text}</bdi>
            {!isKnown && <small> {playground.unknown}</small>}
          </li>
        ))}
      </ul>
      <p>{playground.lemmas}</p>
    </>
  );
}

function nameOf(language: string): string {
  return playground.languages[language] ?? language;
}
