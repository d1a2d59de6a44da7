import { useState } from "preact/hooks";
import { pages } from "../strings/pages";
import { useSending } from "./loaded";
import { ProblemView } from "./parts";
import { setSwitch } from "./requests";

/** One click switches everything off; switching on again asks for a reason. */
export function SwitchView({ allOff, onSwitched }: { allOff: boolean; onSwitched(): void }) {
  const [why, setWhy] = useState("");
  const { busy, problem, send } = useSending();
  const { heading, isOn, banner, turnOff, turnOn } = pages.allOff;

  function flip(event: Event): void {
    event.preventDefault();
    void send(
      () => setSwitch({ all_off: !allOff, why }),
      () => {
        setWhy("");
        onSwitched();
      },
    );
  }

  return (
    <section class="switch" aria-labelledby="switch">
      <h2 id="switch">{heading}</h2>
      <form onSubmit={flip}>
        <label for="switch-why">{allOff ? pages.why : pages.whyIfYouLike}</label>
        <input
          id="switch-why"
          required={allOff}
          maxLength={500}
          value={why}
          onInput={(event) => setWhy(event.currentTarget.value)}
        />
        <button type="submit" class={allOff ? "primary" : "danger"} aria-disabled={busy}>
          {allOff ? turnOn : turnOff}
        </button>
      </form>
      <p class="hint">{allOff ? banner : isOn}</p>
      <ProblemView sentence={problem} />
    </section>
  );
}
