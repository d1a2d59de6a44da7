import { useEffect, useState } from "preact/hooks";
import type { CheckExample, Findings } from "@wire/protocol";
import { content as t } from "../../strings/content";
import { findFindings } from "./requests";

/** So long nothing is typed before it is looked at. */
const PAUSE_MS = 300;

/** What is to be said of an example as it is typed; null while nobody has looked, or it is not `wanted`. */
export function useFindings(set: string, body: CheckExample, wanted: boolean): Findings | null {
  const [found, setFound] = useState<Findings | null>(null);
  const { text } = body;
  useEffect(() => {
    setFound(null);
    if (!wanted || text.trim() === "") return;
    const giveUp = new AbortController();
    const later = setTimeout(() => {
      // What is wrong is said at the latest when it is saved.
      findFindings(set, body, giveUp.signal).then(setFound, () => undefined);
    }, PAUSE_MS);
    return () => {
      clearTimeout(later);
      giveUp.abort();
    };
  }, [set, text, wanted]);
  return found;
}

/** Always there, so that it is read out when something comes. */
export function FindingsView({ id, of }: { id: string; of: Findings | null }) {
  return (
    <div role="status" id={id} class="findings">
      {of !== null && (
        <ul>
          {of.findings.map((finding, place) => (
            <li key={place} class={finding.blocks ? "blocks" : "hint"}>
              {t.findings[finding.code]?.(finding) ?? finding.code}
            </li>
          ))}
          {of.findings.length === 0 && <li>{t.nothingFound}</li>}
          {!of.neighbours && <li class="facts">{t.needsEngine}</li>}
        </ul>
      )}
    </div>
  );
}
