import type { Known } from "../knowledge";
import { sv } from "../strings/sv";

/** Why something could not be looked up, with a way to try again. */
export function ProblemOf({ known }: { known: Known<unknown> }) {
  if (known.problem === "") return null;
  return (
    <div class="failed">
      <p role="alert" class="problem">
        {known.problem}
      </p>
      <button type="button" onClick={known.retry}>
        {sv.retry}
      </button>
    </div>
  );
}
