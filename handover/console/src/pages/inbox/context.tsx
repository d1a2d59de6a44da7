import type { MissedText } from "@wire/protocol";
import { inbox as t } from "../../strings/inbox";
import { LoadedView } from "../parts";
import { useLoaded } from "../loaded";
import { findContext } from "./requests";

/** What was said around a text. */
export function ContextView({ text }: { text: MissedText }) {
  const loaded = useLoaded(() => findContext(text), [text.conversation_id, text.seq]);
  return (
    <section aria-labelledby="context">
      <h4 id="context">{t.contextOf}</h4>
      <LoadedView of={loaded}>
        {({ lines }) => (
          <ol class="lines">
            {lines.map(({ seq, from, text: said }) => (
              <li key={seq} aria-current={seq === text.seq ? "true" : undefined}>
                <b>{t.speakers[from]}:</b> <span dir="auto">{said}</span>
              </li>
            ))}
          </ol>
        )}
      </LoadedView>
    </section>
  );
}
