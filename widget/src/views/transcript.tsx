import { useLayoutEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { isSaid, type ChatState, type Line, type Pending } from "../state/state";
import { useWords } from "./context";
import { MessageView, PendingView } from "./message";
import { turnSentence } from "./sentences";
import { Time } from "./time";

/** Closer to the end than this, the person is following along. */
const NEAR_END_PX = 120;

interface Props {
  state: ChatState;
  onRetry(sent: Pending): void;
  /** What comes before the conversation. */
  intro: ComponentChildren;
  /** What comes after it. */
  children: ComponentChildren;
}

/** The scrolling part: what is said is announced, older history is not. */
export function Transcript({ state, onRetry, intro, children }: Props) {
  const { t } = useWords();
  const scroller = useFollowing(state);
  return (
    <div class="scroller" ref={scroller} tabIndex={0} role="group" aria-label={t.transcript}>
      {intro}
      <div
        role="log"
        aria-live="polite"
        aria-label={t.transcript}
        aria-busy={state.seq < state.target}
      >
        {state.lines.map((line) => (
          <LineView key={line.seq} line={line} />
        ))}
        {state.pending.filter(isSaid).map((sent) => (
          <PendingView key={sent.command.id} sent={sent} onRetry={onRetry} />
        ))}
      </div>
      {children}
    </div>
  );
}

function LineView({ line }: { line: Line }) {
  const words = useWords();
  if (line.event.kind === "message") return <MessageView line={line} message={line.event} />;
  return (
    <p class="turn">
      {turnSentence(line.event, words)} <Time at={line.at} />
    </p>
  );
}

/** Scrolls to the newest unless the person has scrolled up to read. */
function useFollowing(state: ChatState) {
  const scroller = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const wasClosed = useRef(false);
  const { lines, pending, typing, choices } = state;
  useLayoutEffect(() => {
    const box = scroller.current;
    // After the end the person fills in a form: nothing may move under them.
    const stays = wasClosed.current && state.state === "closed";
    wasClosed.current = state.state === "closed";
    if (box === null || stays) return;
    const below = height.current - box.scrollTop - box.clientHeight;
    if (below < NEAR_END_PX && lines.length + pending.length > 0) box.scrollTop = box.scrollHeight;
    height.current = box.scrollHeight;
  }, [lines, pending, typing, choices, state.state]);
  return scroller;
}
