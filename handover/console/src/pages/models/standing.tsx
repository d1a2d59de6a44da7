import type { ModelList, SwitchView } from "@wire/protocol";
import { models as t } from "../../strings/models";
import { moment } from "../words";

/** Which model is in service, and how a swap goes; both are read out when they change. */
export function StandingView({ of }: { of: ModelList }) {
  const live = of.models.find((one) => one.in_service);
  const came = of.log.find(({ kind }) => kind === "put" || kind === "rolled_back");
  return (
    <section aria-labelledby="in-service">
      <h3 id="in-service">{t.inService}</h3>
      <p role="status">
        {live ? <strong>{live.model}</strong> : t.none}{" "}
        {live && came && (
          <span class="facts">{t.since(moment(came.at), came.by_name ?? t.bySystem)}</span>
        )}
      </p>
      <p role="status" class={of.swap ? "said" : ""}>
        {of.swap ? swapSentence(of, of.swap) : ""}
      </p>
      <p role="alert" class="problem">
        {failureSentence(of)}
      </p>
    </section>
  );
}

export function swapSentence({ engines }: ModelList, { model }: SwitchView): string {
  const own = engines.filter((engine) => engine.model === model && engine.state !== "stopping");
  const behind = own.find(({ state }) => state !== "ready");
  const step = own.length === 0 ? t.swapWaits : behind ? t.swapStep(t.states[behind.state]) : t.swapLast;
  return `${t.swapTo(model)} ${step} ${t.meanwhile}`;
}

/** Why the last swap came to nothing; nothing is said of older ones. */
export function failureSentence({ log: [last] }: ModelList): string {
  return last?.kind === "failed" ? t.failed(last.model, last.why) : "";
}
