import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import type { FaqRollout, Level } from "@wire/protocol";
import { pages } from "../../strings/pages";
import { Options } from "../../views/options";
import { useSending } from "../loaded";
import { ProblemView, SaidView } from "../parts";
import { setBounds, setCap, setLevel } from "../requests";
import { share } from "../words";
import { shareOf } from "./percent";

interface Props {
  faq: FaqRollout;
  sensitive: boolean;
  onChanged(faq: FaqRollout): void;
}

/** What a lead can change of a FAQ by hand, each with a reason. */
export function DecisionsView({ faq, sensitive, onChanged }: Props) {
  return (
    <section class="decisions" aria-labelledby="decisions">
      <h3 id="decisions">{pages.rollout.decide}</h3>
      <SetLevelForm faq={faq} onChanged={onChanged} />
      {sensitive && <SetCapForm faq={faq} onChanged={onChanged} />}
      <SetBoundsForm faq={faq} onChanged={onChanged} />
    </section>
  );
}

type FormProps = Omit<Props, "sensitive">;

function SetLevelForm({ faq, onChanged }: FormProps) {
  const [level, setNewLevel] = useState<Level>(faq.level);
  const { setLevel: heading, setLevelHint, newLevel, levels, save } = pages.rollout;
  return (
    <Decision
      heading={heading}
      hint={setLevelHint}
      action={save}
      send={(why) => setLevel(faq.faq, { level, why })}
      onChanged={onChanged}
    >
      <label>
        {newLevel}
        <select
          value={level}
          onChange={(event) => setNewLevel(event.currentTarget.value as Level)}
        >
          <Options of={levels} />
        </select>
      </label>
    </Decision>
  );
}

function SetCapForm({ faq, onChanged }: FormProps) {
  const { cap, capHint, capLiftedHint, levels, lift, restore } = pages.rollout;
  const lifted = faq.cap_lifted;
  return (
    <Decision
      heading={cap}
      hint={lifted ? capLiftedHint : capHint(levels[faq.cap])}
      action={lifted ? restore : lift}
      send={(why) => setCap(faq.faq, { lifted: !lifted, why })}
      onChanged={onChanged}
    />
  );
}

function SetBoundsForm({ faq, onChanged }: FormProps) {
  const [target, setTarget] = useState("");
  const [floor, setFloor] = useState("");
  const t = pages.rollout;
  return (
    <Decision
      heading={t.bounds}
      hint={`${t.asked(share(faq.target), share(faq.floor))} ${t.boundsHint}`}
      action={t.save}
      send={(why) =>
        setBounds(faq.faq, { target: shareOf(target), floor: shareOf(floor), why })
      }
      onChanged={onChanged}
    >
      <PercentField name={t.target} value={target} onWrite={setTarget} />
      <PercentField name={t.floor} value={floor} onWrite={setFloor} />
    </Decision>
  );
}

interface PercentFieldProps {
  name: string;
  value: string;
  onWrite(value: string): void;
}

function PercentField({ name, value, onWrite }: PercentFieldProps) {
  return (
    <label>
      {name}
      <input
        type="number"
        min={0}
        max={100}
        step="any"
        value={value}
        onInput={(event) => onWrite(event.currentTarget.value)}
      />
    </label>
  );
}

interface DecisionProps {
  heading: string;
  hint: string;
  action: string;
  send(why: string): Promise<FaqRollout>;
  onChanged(faq: FaqRollout): void;
  children?: ComponentChildren;
}

/** One thing to change, with its reason; the server says what is missing. */
function Decision({ heading, hint, action, send, onChanged, children }: DecisionProps) {
  const id = useId();
  const [why, setWhy] = useState("");
  const [said, setSaid] = useState("");
  const sending = useSending();

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    setSaid("");
    if (await sending.send(() => send(why), onChanged)) {
      setWhy("");
      setSaid(pages.rollout.saved);
    }
  }

  return (
    <form aria-labelledby={id} onSubmit={(event) => void save(event)}>
      <h4 id={id}>{heading}</h4>
      <p class="hint">{hint}</p>
      {children}
      <label>
        {pages.why}
        <input
          maxLength={500}
          value={why}
          onInput={(event) => setWhy(event.currentTarget.value)}
        />
      </label>
      <button type="submit" aria-disabled={sending.busy}>
        {action}
      </button>
      <ProblemView sentence={sending.problem} />
      <SaidView sentence={said} />
    </form>
  );
}
