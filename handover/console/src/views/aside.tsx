import type { ConversationSummary, Understanding } from "@wire/protocol";
import type { Desk } from "../desk";
import { isOwn } from "../state/list";
import { findUnderstanding, notesOf } from "../state/record";
import type { ConsoleState } from "../state/state";
import { sv } from "../strings/sv";
import { EarlierView } from "./earlier";
import { Fold } from "./fold";
import { Key } from "./key";
import { useNames } from "./names";
import { ProblemView } from "./problem";
import { ServiceCardView } from "./service_card";
import { SuggestionsView } from "./suggestions";
import { Time } from "./time";
import { percent } from "./words";

const SHOWN_INTENTS = 3;

interface Props {
  desk: Desk;
  state: ConsoleState;
  summary: ConversationSummary;
}

/** What a guide looks at while answering. */
export function AsideView({ desk, state, summary }: Props) {
  const id = summary.conversation_id;
  const events = state.records[id] ?? [];
  const insert = isOwn(summary, state.guide?.id)
    ? (text: string): void => {
        desk.insert(id, text);
        document.getElementById("reply")?.focus();
      }
    : null;
  return (
    <aside aria-label={sv.beside}>
      <SuggestionsView
        knowledge={desk.knowledge}
        summary={summary}
        events={events}
        insert={insert}
      />
      <UnderstandingView understanding={findUnderstanding(events)} />
      <NotesView desk={desk} state={state} conversationId={id} />
      {summary.audience === "staff" && <EarlierView desk={desk} conversationId={id} />}
      {summary.service && (
        <ServiceCardView
          key={summary.service}
          knowledge={desk.knowledge}
          service={summary.service}
          language={summary.language}
          insert={insert}
        />
      )}
    </aside>
  );
}

function UnderstandingView({ understanding }: { understanding: Understanding | null }) {
  const names = useNames();
  return (
    <Fold title={sv.understanding}>
      {understanding === null ? (
        <p>{sv.understandingNone}</p>
      ) : (
        <ol class="ranking">
          {rankingOf(understanding).map(({ intent, confidence }) => (
            <li key={intent}>
              <span class="intent">{names.intent(intent)}</span>
              <span>{percent(confidence)}</span>
              <meter min={0} max={1} value={confidence} aria-hidden="true" />
            </li>
          ))}
        </ol>
      )}
    </Fold>
  );
}

function rankingOf({ ranking, intent, confidence }: Understanding) {
  if (ranking?.length) return ranking.slice(0, SHOWN_INTENTS);
  return [{ intent: intent ?? "", confidence }];
}

interface NotesProps {
  desk: Desk;
  state: ConsoleState;
  conversationId: string;
}

function NotesView({ desk, state, conversationId }: NotesProps) {
  const notes = notesOf(state.records[conversationId] ?? []);
  const save = (event: Event): void => {
    event.preventDefault();
    desk.sendText("note", conversationId);
  };
  return (
    <Fold title={sv.notes}>
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note.seq}>
              <p class="byline">
                {note.guide_name} · <Time at={note.at} />
              </p>
              <p class="text">{note.text}</p>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={save}>
        <label for="note">
          {sv.note} <Key of="n" />
        </label>
        <textarea
          id="note"
          rows={2}
          value={desk.textOf("note", conversationId)}
          aria-describedby="note-hint"
          onInput={(event) => desk.write("note", conversationId, event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save(event);
            else if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <p id="note-hint" class="hint">
          {sv.noteHint}
        </p>
        <ProblemView state={state} place="notes" />
        <button type="submit">{sv.saveNote}</button>
      </form>
    </Fold>
  );
}
