import { useEffect, useState } from "preact/hooks";
import type { CheckExample, FindingView } from "@wire/protocol";
import { content as t } from "../../strings/content";
import { findFindings } from "./requests";

/** So long nothing is typed before it is looked at. */
const PAUSE_MS = 300;

/** What is to be said of an example as it is typed; nothing while it is not `wanted`. */
export function useFindings(set: string, body: CheckExample, wanted: boolean): FindingView[] {
  const [found, setFound] = useState<FindingView[]>([]);
  const { text } = body;
  useEffect(() => {
    setFound([]);
    if (!wanted || text.trim() === "") return;
    const giveUp = new AbortController();
    const later = setTimeout(() => {
      findFindings(set, body, giveUp.signal).then(
        ({ findings }) => setFound(findings),
        () => undefined, // What is wrong is said when it is saved.
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(later);
      giveUp.abort();
    };
  }, [set, text, wanted]);
  return found;
}

/** Always there, so that it is read out when something comes. */
export function FindingsView({ id, of, typed }: { id: string; of: FindingView[]; typed: boolean }) {
  return (
    <div role="status" id={id} class="findings">
      {typed && of.length > 0 && (
        <ul>
          {of.map((finding, place) => (
            <li key={place} class={finding.blocks ? "blocks" : "hint"}>
              {t.findings[finding.code]?.(finding) ?? finding.code}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
