import type { ChatState } from "../state/state";
import type { Words } from "../strings";
import type { QueuePlace } from "../wire/protocol";
import { useWords } from "./context";

/** Connection and queue, told apart from what is said. A new place is read out; that the wait is reckoned anew is not. */
export function StatusView({ state }: { state: ChatState }) {
  const [told, more] = sentences(state, useWords());
  const live = state.queue?.guides_on_duty ? "off" : undefined;
  return (
    <div class="status" role="status">
      {told && (
        <p>
          {told} {more && <span aria-live={live}>{more}</span>}
        </p>
      )}
    </div>
  );
}

function sentences({ connection, state, queue, checking }: ChatState, words: Words): string[] {
  const { t } = words;
  if (connection === "offline") return [t.offline];
  if (connection === "connecting") return [t.connecting];
  if (checking) return [t.checking];
  return state === "waiting" && queue !== null ? queueSentences(queue, words) : [];
}

/** Says the place, and a wait only where there is somebody to wait for and something to judge by. */
export function queueSentences(queue: QueuePlace, words: Words): string[] {
  const { t } = words;
  const place = words.fill(t.queuePlace, { number: queue.position });
  if (queue.guides_on_duty === 0) return [place, whenSomebodyComes(queue, words)];
  if (!queue.wait_seconds) return [place];
  const [low, high] = queue.wait_seconds.map((seconds) => Math.max(1, Math.round(seconds / 60)));
  if (queue.wait_seconds[1] < 60) return [place, t.waitUnderMinute];
  if (low === undefined || high === undefined) return [place];
  const wait = low === high ? t.waitMinutes : t.waitRange;
  return [place, words.count(wait, high, { low })];
}

function whenSomebodyComes({ opens_at: at }: QueuePlace, words: Words): string {
  const opening = at ? words.opening(at) : null;
  return opening === null ? words.t.noGuides : words.fill(words.t.closed, opening);
}

export function TypingView({ state }: { state: ChatState }) {
  const words = useWords();
  const { t } = words;
  if (state.typing === null || state.state === "closed") return null;
  const guide = state.guideName ?? t.guide;
  return (
    <p class="typing">
      <span class="dots" aria-hidden="true" />
      {state.typing === "bot" ? t.typingBot : words.fill(t.typingGuide, { name: guide })}
    </p>
  );
}
