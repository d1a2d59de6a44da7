import type { ModelList, ModelView } from "@wire/protocol";
import { models as t } from "../../strings/models";
import { Cell, RowHead, TableView } from "../parts";
import { moment, share } from "../words";
import type { Act } from "./swap_form";

interface Props {
  of: ModelList;
  /** Null where nothing can be changed, or not by this person. */
  onChoose: ((chosen: { model: string; act: Act }) => void) | null;
  mayOverride: boolean;
}

/** All models, the newest first, with what can be done with each. */
export function ModelTable({ of: { models }, onChoose, mayOverride }: Props) {
  return (
    <section aria-labelledby="models">
      <h3 id="models">{t.list}</h3>
      {models.length === 0 ? (
        <p>{t.empty}</p>
      ) : (
        <TableView name={t.list} columns={t.columns}>
          {models.map((model) => (
            <tr key={model.model} role="row" aria-current={model.in_service ? "true" : undefined}>
              <RowHead>
                {model.model}
                <span class="facts">{model.commit ? t.commit(model.commit) : t.ownData}</span>
              </RowHead>
              <Cell label={t.columns.made}>
                {moment(model.made_at)}
                <span class="facts">{model.made_by ?? t.bySystem}</span>
              </Cell>
              <Cell label={t.columns.judged}>
                <Judged of={model} />
              </Cell>
              <Cell label={t.columns.action}>
                <span class="actions">
                  {onChoose &&
                    actsOf(model, mayOverride).map((act) => (
                      <button
                        key={act}
                        type="button"
                        data-opens={model.model}
                        aria-label={t.about(nameOf(act), model.model)}
                        onClick={() => onChoose({ model: model.model, act })}
                      >
                        {nameOf(act)}
                      </button>
                    ))}
                </span>
                {standingOf(model)}
              </Cell>
            </tr>
          ))}
        </TableView>
      )}
    </section>
  );
}

/** What somebody can do with a model: go back to one that has served, put another in service. */
export function actsOf(model: ModelView, mayOverride: boolean): Act[] {
  if (model.in_service || !model.kept) return [];
  if (model.served) return ["roll_back"];
  return model.gate?.open || mayOverride ? ["put"] : [];
}

function nameOf(act: Act): string {
  return act === "put" ? t.put : t.rollBack;
}

function standingOf({ in_service, kept, served }: ModelView) {
  const words = in_service ? t.inService : !kept ? t.dropped : served ? t.served : "";
  return words && <span class="facts">{words}</span>;
}

function Judged({ of: { gate, figures } }: { of: ModelView }) {
  const { n, right, gained, lost } = (figures ?? {}) as Record<string, unknown>;
  return (
    <>
      {gate ? (gate.open ? t.gateOpen : t.gateClosed) : t.notJudged}
      {typeof n === "number" && n > 0 && typeof right === "number" && (
        <span class="facts">{t.right(right, n, share(right / n))}</span>
      )}
      {typeof gained === "number" && typeof lost === "number" && (
        <span class="facts">{t.changed(gained, lost)}</span>
      )}
    </>
  );
}
