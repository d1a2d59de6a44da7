import { useEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";
import type { ConversationSummary } from "@wire/protocol";
import type { Desk } from "../desk";
import { isOwn } from "../state/list";
import { findOpenDraft, findUnderstanding, notesOf } from "../state/record";
import type { ConsoleState } from "../state/state";
import { sv } from "../strings/sv";
import { Composer } from "./composer";
import { DraftView } from "./draft";
import { NotesView, UnderstandingView } from "./aside";
import { TranscriptView } from "./transcript";
import { intentOf, languageName, reasonOf, stateOf } from "./words";

interface Props {
  desk: Desk;
  state: ConsoleState;
  reply: RefObject<HTMLTextAreaElement | null>;
  onClaim(conversationId: string): void;
}

export function ConversationView({ desk, state, reply, onClaim }: Props) {
  const summary = state.selected ? state.conversations[state.selected] : undefined;
  if (summary === undefined) {
    return (
      <main class="conversation none">
        <p>{sv.choose}</p>
        <ProblemView state={state} />
      </main>
    );
  }
  const id = summary.conversation_id;
  const events = state.records[id] ?? [];
  const draft = findOpenDraft(events);
  const own = isOwn(summary, state.guide?.id);
  return (
    <main class="conversation" key={id}>
      <Heading summary={summary} guideId={state.guide?.id} reply={reply} onClaim={onClaim} />
      <div class="middle">
        <TranscriptView
          events={events}
          summary={summary}
          typing={state.typing[id] ?? null}
          pending={state.pending}
        />
        <aside>
          <UnderstandingView understanding={findUnderstanding(events)} />
          <NotesView
            notes={notesOf(events)}
            text={desk.textOf("note", id)}
            onWrite={(text) => desk.write("note", id, text)}
            onSave={() => desk.sendText("note", id)}
          />
        </aside>
      </div>
      <div class="bottom">
        <ProblemView state={state} />
        {draft !== null && summary.state === "bot" && (
          <DraftView key={draft.id} draft={draft} conversationId={id} desk={desk} />
        )}
        {own && <Composer desk={desk} conversationId={id} field={reply} />}
      </div>
    </main>
  );
}

function ProblemView({ state: { problem, selected } }: { state: ConsoleState }) {
  const concerns = problem && (problem.conversationId ?? selected) === selected;
  return (
    <p role="alert" class="problem">
      {concerns ? problem.sentence : ""}
    </p>
  );
}

interface HeadingProps {
  summary: ConversationSummary;
  guideId: string | undefined;
  reply: RefObject<HTMLTextAreaElement | null>;
  onClaim(conversationId: string): void;
}

function Heading({ summary, guideId, reply, onClaim }: HeadingProps) {
  const own = isOwn(summary, guideId);
  const heading = useFocusThatFollows(own, reply);
  const { state, conversation_id: id } = summary;
  const free = state === "waiting" || state === "bot";
  return (
    <div class="heading">
      <h2 ref={heading} tabIndex={-1}>
        {reasonOf(summary)}
      </h2>
      <p class="facts">
        {[
          stateOf(summary, guideId),
          intentOf(summary),
          languageName(summary.language),
          sv.audiences[summary.audience],
        ].join(" · ")}
      </p>
      {free && (
        <button type="button" class="primary" onClick={() => onClaim(id)}>
          {state === "waiting" ? sv.claim : sv.takeOver}
        </button>
      )}
    </div>
  );
}

/** An opened conversation takes the focus; taking it moves on to the reply, letting go moves back. */
function useFocusThatFollows(own: boolean, reply: RefObject<HTMLTextAreaElement | null>) {
  const heading = useRef<HTMLHeadingElement>(null);
  const opened = useRef(false);
  useEffect(() => {
    (own && opened.current ? reply : heading).current?.focus();
    opened.current = true;
  }, [own]);
  return heading;
}
