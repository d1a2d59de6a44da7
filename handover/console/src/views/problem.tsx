import type { ConsoleState } from "../state/state";

interface Props {
  state: ConsoleState;
  /** Shows what concerns notes, or everything else. */
  notes?: boolean;
}

/** The sentence with which the server refused, beside what was tried. */
export function ProblemView({ state: { problem, selected }, notes = false }: Props) {
  const concerns =
    problem !== null &&
    (problem.conversationId ?? selected) === selected &&
    (problem.command === "note") === notes;
  return (
    <p role="alert" class="problem">
      {concerns ? problem.sentence : ""}
    </p>
  );
}
