import { pages } from "../../strings/pages";
import { JUDGEMENTS } from "./keys";
import type { Judgement } from "./state";

const t = pages.review;
/** The keys that the buttons name; `f` does what `w` does. */
const NAMED = ["g", "w", "o", "h"] as const;

/** The four verdicts, with the keys that do the same. */
export function VerdictsView({ onJudge }: { onJudge(judgement: Judgement): void }) {
  return (
    <section class="verdicts" aria-label={t.verdict}>
      <div class="actions">
        {NAMED.map((key) => {
          const judgement = JUDGEMENTS[key];
          if (judgement === undefined) return null;
          return (
            <button
              key={key}
              type="button"
              class={judgement.harmful ? "danger" : ""}
              aria-keyshortcuts={key}
              onClick={() => onJudge(judgement)}
            >
              {t.verdicts[judgement.harmful ? "harmful" : judgement.verdict]}{" "}
              <kbd aria-hidden="true">{key}</kbd>
            </button>
          );
        })}
      </div>
      <p class="hint">
        {t.harmfulHint} {t.keys}
      </p>
    </section>
  );
}
