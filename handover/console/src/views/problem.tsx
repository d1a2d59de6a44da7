import type { ConsoleState, GuideCommand } from "../state/state";

type Place = "heading" | "notes" | "below";

/** Where what one does stands, if not below the conversation. */
const PLACES: Partial<Record<GuideCommand["type"], Place>> = {
  claim: "heading",
  take_over: "heading",
  release: "heading",
  note: "notes",
};

interface Props {
  state: ConsoleState;
  /** Without one, whatever was tried in the conversation is told here. */
  place?: Place;
}

/** The sentence with which the server refused, beside what was tried. */
export function ProblemView({ state: { problem, selected }, place }: Props) {
  const concerns =
    problem !== null &&
    (problem.conversationId ?? selected) === selected &&
    (place === undefined || (PLACES[problem.command ?? "reply"] ?? "below") === place);
  return (
    <p role="alert" class="problem">
      {concerns ? problem.sentence : ""}
    </p>
  );
}
