import { useEffect, useState } from "preact/hooks";
import type { ConversationSummary } from "@wire/protocol";
import { pages } from "../strings/pages";
import { sv } from "../strings/sv";
import { useNames } from "../views/names";
import { intentOf, languageName } from "../views/words";
import { LiveTable } from "./live/table";
import { PaneView } from "./live/pane";
import { StandingView } from "./live/standing";
import type { PageProps } from "./page";

const t = pages.live;

/** What the assistant and the guides have right now; a lead looks in, whispers and takes over. */
export default function LivePage({ state, desk }: PageProps) {
  const [looked, setLooked] = useState<string | null>(null);
  const summary = looked === null ? undefined : state.conversations[looked];

  useEffect(() => {
    desk.showLive(true);
    return () => desk.showLive(false);
  }, [desk]);

  function look(id: string): void {
    desk.select(id);
    setLooked(id);
  }

  function takeOver(conversation_id: string): void {
    look(conversation_id);
    desk.send({ type: "take_over", conversation_id });
  }

  return (
    <main class="page live">
      <h2>{sv.pages.live}</h2>
      <p>{t.explained}</p>
      <div class={summary ? "looking" : ""}>
        <div>
          <StandingView state={state} />
          <section aria-labelledby="with-bot">
            <h3 id="with-bot">{t.withBot}</h3>
            <LiveTable
              conversations={state.conversations}
              guideId={state.guide?.id}
              selected={looked}
              onLook={look}
              onTakeOver={takeOver}
            />
          </section>
          <WithGuides
            conversations={Object.values(state.conversations)}
            selected={looked}
            onLook={look}
          />
        </div>
        {summary && (
          <PaneView
            state={state}
            desk={desk}
            summary={summary}
            onTakeOver={takeOver}
            onClose={() => setLooked(null)}
          />
        )}
      </div>
    </main>
  );
}

interface WithGuidesProps {
  conversations: readonly ConversationSummary[];
  selected: string | null;
  onLook(conversationId: string): void;
}

/** Conversations at guides, by guide, for a look and a whisper. */
function WithGuides({ conversations, selected, onLook }: WithGuidesProps) {
  const names = useNames();
  const taken = conversations
    .filter(({ state }) => state === "guide")
    .sort((one, other) => (one.owner_name ?? "").localeCompare(other.owner_name ?? "", "sv"));
  return (
    <section aria-labelledby="with-guides">
      <h3 id="with-guides">{t.withGuides}</h3>
      {taken.length === 0 && <p class="nobody">{t.noneWithGuides}</p>}
      <ul class="taken">
        {taken.map((summary) => (
          <li key={summary.conversation_id}>
            <button
              type="button"
              class="row"
              aria-current={summary.conversation_id === selected ? "true" : undefined}
              onClick={() => onLook(summary.conversation_id)}
            >
              <span class="reason">{summary.owner_name}</span>
              <span class="facts">{languageName(summary.language)}</span>
              <span class="intent">{intentOf(summary, names)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
