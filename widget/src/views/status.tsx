import type { ChatState } from "../state/state";
import type { Strings } from "../strings";
import type { QueuePlace } from "../wire/protocol";
import { useLanguage } from "./context";

/** Connection and queue, told apart from what is said. */
export function StatusView({ state }: { state: ChatState }) {
  const { t } = useLanguage();
  const text = sentences(state, t).join(" ");
  return (
    <div class="status" role="status">
      {text !== "" && <p>{text}</p>}
    </div>
  );
}

function sentences({ connection, state, queue, checking }: ChatState, t: Strings): string[] {
  if (connection === "offline") return [t.offline];
  if (connection === "connecting") return [t.connecting];
  if (checking) return [t.checking];
  return state === "waiting" && queue !== null ? queueSentences(queue, t) : [];
}

/** Says the place, and a wait only where there is somebody to wait for and something to judge by. */
export function queueSentences(queue: QueuePlace, t: Strings): string[] {
  const place = t.queuePlace(queue.position);
  if (queue.guides_on_duty === 0) return [place, t.noGuides];
  if (!queue.wait_seconds) return [place];
  const [low, high] = queue.wait_seconds;
  if (high < 60) return [place, t.waitUnderMinute];
  const minutes = (seconds: number) => Math.max(1, Math.round(seconds / 60));
  return [place, t.waitMinutes(minutes(low), minutes(high))];
}

export function TypingView({ state }: { state: ChatState }) {
  const { t } = useLanguage();
  if (state.typing === null || state.state === "closed") return null;
  const guide = state.guideName ?? t.guide;
  return (
    <p class="typing">
      <span class="dots" aria-hidden="true" />
      {state.typing === "bot" ? t.typingBot : t.typingGuide(guide)}
    </p>
  );
}
