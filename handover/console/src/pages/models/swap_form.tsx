import { useLayoutEffect, useId, useRef, useState } from "preact/hooks";
import type { ModelView } from "@wire/protocol";
import { models as t } from "../../strings/models";
import { pages } from "../../strings/pages";
import { useSending } from "../loaded";
import { ProblemView } from "../parts";
import { putModel, rollBackTo } from "../requests";

export type Act = "put" | "roll_back";

interface Props {
  model: ModelView;
  act: Act;
  onDone(): void;
  onCancel(): void;
}

/** Asks whether a model is to take over, and why. It takes the focus when it is opened; Escape leaves it. */
export function SwapForm({ model, act, onDone, onCancel }: Props) {
  const id = useId();
  const title = useRef<HTMLHeadingElement>(null);
  const [why, setWhy] = useState("");
  const { busy, problem, send } = useSending();
  useLayoutEffect(() => title.current?.focus(), []);

  const overrides = act === "put" && !model.gate?.open;
  const needsReason = overrides || act === "roll_back";
  const { heading, hint, confirm } = wordsOf(model.model, act, overrides);

  function carryOut(event: Event): void {
    event.preventDefault();
    const request = (): Promise<unknown> =>
      act === "put"
        ? putModel(model.model, { why, override: overrides })
        : rollBackTo(model.model, { why });
    void send(request, onDone);
  }

  return (
    <form
      class="person"
      aria-labelledby={id}
      onSubmit={carryOut}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <h4 id={id} ref={title} tabIndex={-1}>
        {heading}
      </h4>
      <p class="hint">{hint}</p>
      {overrides && <Reasons of={model} />}
      <label>
        {needsReason ? pages.why : pages.whyIfYouLike}
        <input
          maxLength={500}
          required={needsReason}
          value={why}
          onInput={(event) => setWhy(event.currentTarget.value)}
        />
      </label>
      <ProblemView sentence={problem} />
      <div class="actions">
        <button type="submit" class={overrides ? "danger" : "primary"} aria-disabled={busy}>
          {confirm}
        </button>
        <button type="button" onClick={onCancel}>
          {pages.cancel}
        </button>
      </div>
    </form>
  );
}

function wordsOf(model: string, act: Act, overrides: boolean) {
  if (act === "roll_back") {
    return { heading: t.rollBackHeading(model), hint: t.rollBackHint, confirm: t.rollBack };
  }
  return {
    heading: t.putHeading(model),
    hint: t.putHint,
    confirm: overrides ? t.confirmOverride : t.put,
  };
}

/** Why the gate is closed. */
function Reasons({ of: { gate } }: { of: ModelView }) {
  const reasons = gate?.reasons ?? [];
  if (reasons.length === 0) return <p>{t.notJudged}.</p>;
  return (
    <>
      <p>{t.overrideHint}</p>
      <ul>
        {reasons.map(({ code, sentence }) => (
          <li key={`${code} ${sentence}`}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}
