import type { ConsoleState, GuideCommand, Problem } from "../state/state";

type Place = "heading" | "notes" | "below";

/** Where what one does stands, if not below the conversation. */
const PLACES: Partial<Record<GuideCommand["type"], Place>> = {
  claim: "heading",
  take_over: "heading",
  release: "heading",
  note: "notes",
};

function placeOf({ command }: Problem): Place {
  return (command && PLACES[command]) ?? "below";
}

interface Props {
  state: ConsoleState;
  /** Left out where one place shows all. */
  place?: Place;
}

/** The sentence with which the server refused, beside what was tried. */
export function ProblemView({ state: { problem, selected }, place }: Props) {
  const concerns =
    problem !== null &&
    (problem.conversationId ?? selected) === selected &&
    (place === undefined || placeOf(problem) === place);
  return (
    <p role="alert" class="problem">
      {concerns ? problem.sentence : ""}
    </p>
  );
}
