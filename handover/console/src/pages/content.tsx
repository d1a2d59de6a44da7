import { useEffect, useState } from "preact/hooks";
import "../styles/content.css";
import { content } from "../strings/content";
import { sv } from "../strings/sv";
import { BarView } from "./content/bar";
import { IntentView } from "./content/intent";
import { findIntents, findSet } from "./content/requests";
import { ServicesView } from "./content/services";
import { SetsView } from "./content/sets";
import { useLoaded } from "./loaded";
import { LoadedView, SaidView } from "./parts";
import { useSecondPart } from "./place";

/** The change set that this tab works in. */
const CHOSEN = "kontakt.change_set";

/** Examples and answers: what is edited here is collected in a change set. */
export default function ContentPage() {
  const [chosen, setChosen] = useState(() => sessionStorage.getItem(CHOSEN));
  const choose = (set: string | null): void => {
    if (set === null) sessionStorage.removeItem(CHOSEN);
    else sessionStorage.setItem(CHOSEN, set);
    setChosen(set);
  };
  return (
    <main class="page content">
      <h2>{sv.pages.content}</h2>
      {chosen === null ? (
        <>
          <p>{content.explained}</p>
          <SetsView onChosen={choose} />
        </>
      ) : (
        <Workroom key={chosen} set={chosen} onLeave={() => choose(null)} />
      )}
    </main>
  );
}

function Workroom({ set, onLeave }: { set: string; onLeave(): void }) {
  const detail = useLoaded(() => findSet(set), [set]);
  const intents = useLoaded(() => findIntents(set), [set]);
  const [said, setSaid] = useState("");
  const shown = useSecondPart();
  const edited = (sentence: string): void => {
    setSaid(sentence);
    detail.reload();
    intents.reload();
  };
  useEffect(() => setSaid(""), [shown]);
  return (
    <>
      <LoadedView of={detail}>
        {(value) => (
          <BarView detail={value} onChanged={edited} onSaid={setSaid} onLeave={onLeave} />
        )}
      </LoadedView>
      <SaidView sentence={said} />
      {detail.value === null && detail.problem !== "" && (
        <button type="button" onClick={onLeave}>
          {content.leave}
        </button>
      )}
      <LoadedView of={intents}>
        {(value) =>
          shown === null ? (
            <ServicesView set={set} of={value} onEdited={edited} />
          ) : (
            <IntentView key={shown} set={set} intent={shown} of={value} onEdited={edited} />
          )
        }
      </LoadedView>
    </>
  );
}
