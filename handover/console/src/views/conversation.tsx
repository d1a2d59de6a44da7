import { useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationSummary } from "@wire/protocol";
import type { Desk } from "../desk";
import { isOwn } from "../state/list";
import { findOpenDraft } from "../state/record";
import { selectedSummary, type ConsoleState } from "../state/state";
import { sv } from "../strings/sv";
import { AsideView } from "./aside";
import { Composer } from "./composer";
import { DraftView } from "./draft";
import { Key } from "./key";
import { useNames } from "./names";
import { Opener } from "./opener";
import { ProblemView } from "./problem";
import { TranscriptView } from "./transcript";
import { WhisperView } from "./whisper";
import { intentOf, languageName, reasonOf, stateOf } from "./words";

interface Props {
  desk: Desk;
  state: ConsoleState;
}

export function ConversationView({ desk, state }: Props) {
  const summary = selectedSummary(state);
  if (summary === undefined) {
    return (
      <main class="conversation none">
        <p>{sv.choose}</p>
        <ProblemView state={state} place="below" />
      </main>
    );
  }
  const id = summary.conversation_id;
  const events = state.records[id] ?? [];
  const open = findOpenDraft(events);
  const own = isOwn(summary, state.guide?.id);
  const mayWhisper = summary.state === "guide" && !own && state.guide?.rights.includes("live");
  return (
    <main class="conversation" key={id}>
      <Heading desk={desk} state={state} summary={summary} />
      <TranscriptView
        events={events}
        summary={summary}
        typing={state.typing[id] ?? null}
        pending={state.pending}
      />
      <div class="bottom">
        <ProblemView state={state} place="below" />
        {state.colleagues[id] && (
          <p role="status" class="colleague">
            {sv.colleagueTyping(state.colleagues[id])}
          </p>
        )}
        {open !== null && summary.state === "bot" && (
          <DraftView
            key={open.draft.id}
            open={open}
            conversationId={id}
            state={state}
            desk={desk}
          />
        )}
        {own && <Composer desk={desk} state={state} summary={summary} />}
        {mayWhisper && <WhisperView desk={desk} conversationId={id} />}
      </div>
      <AsideView desk={desk} state={state} summary={summary} />
    </main>
  );
}

interface HeadingProps {
  desk: Desk;
  state: ConsoleState;
  summary: ConversationSummary;
}

function Heading({ desk, state, summary }: HeadingProps) {
  const names = useNames();
  const guideId = state.guide?.id;
  const own = isOwn(summary, guideId);
  const heading = useFocusThatFollows(own);
  const { conversation_id } = summary;
  return (
    <div class="heading">
      <div>
        <h2 id="heading" ref={heading} tabIndex={-1}>
          {reasonOf(summary)}
        </h2>
        <p class="facts">
          {[
            stateOf(summary, guideId),
            intentOf(summary, names),
            languageName(summary.language),
            sv.audiences[summary.audience],
          ].join(" · ")}
        </p>
      </div>
      <div class="actions">
        {summary.state === "waiting" && (
          <button
            type="button"
            class="primary"
            aria-keyshortcuts="c"
            onClick={() => desk.send({ type: "claim", conversation_id })}
          >
            {sv.claim} <Key of="c" />
          </button>
        )}
        {summary.state === "bot" && (
          <button
            type="button"
            class="primary"
            aria-keyshortcuts="t"
            onClick={() => desk.send({ type: "take_over", conversation_id })}
          >
            {sv.takeOver} <Key of="t" />
          </button>
        )}
        {own && (
          <>
            <Opener desk={desk} panel="transfer" of="v" open={state.panel} />
            <Opener desk={desk} panel="hand_back" of="b" open={state.panel} />
            <button type="button" onClick={() => desk.send({ type: "release", conversation_id })}>
              {sv.release}
            </button>
            <Opener desk={desk} panel="end" of="s" open={state.panel} />
          </>
        )}
      </div>
      <ProblemView state={state} place="heading" />
    </div>
  );
}

/** An opened conversation takes the focus; taking it moves on to the reply, letting go moves back. */
function useFocusThatFollows(own: boolean) {
  const heading = useRef<HTMLHeadingElement>(null);
  const opened = useRef(false);
  useLayoutEffect(() => {
    const reply = own && opened.current ? document.getElementById("reply") : null;
    (reply ?? heading.current)?.focus();
    opened.current = true;
  }, [own]);
  return heading;
}
