import type { Understanding } from "@wire/protocol";
import type { notesOf } from "../state/record";
import { sv } from "../strings/sv";
import { Time } from "./time";
import { percent } from "./words";

const SHOWN_INTENTS = 3;

export function UnderstandingView({ understanding }: { understanding: Understanding | null }) {
  return (
    <section aria-labelledby="understanding">
      <h3 id="understanding">{sv.understanding}</h3>
      {understanding === null ? (
        <p>{sv.understandingNone}</p>
      ) : (
        <ol class="ranking">
          {rankingOf(understanding).map(({ intent, confidence }) => (
            <li key={intent}>
              <span class="intent">{intent}</span>
              <span>{percent(confidence)}</span>
              <meter min={0} max={1} value={confidence} aria-hidden="true" />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function rankingOf({ ranking, intent, confidence }: Understanding) {
  if (ranking?.length) return ranking.slice(0, SHOWN_INTENTS);
  return [{ intent: intent ?? sv.unknownIntent, confidence }];
}

interface NotesProps {
  notes: ReturnType<typeof notesOf>;
  text: string;
  onWrite(text: string): void;
  onSave(): void;
}

export function NotesView({ notes, text, onWrite, onSave }: NotesProps) {
  function save(event: Event): void {
    event.preventDefault();
    onSave();
  }
  return (
    <section aria-labelledby="notes">
      <h3 id="notes">{sv.notes}</h3>
      {notes.length === 0 ? (
        <p>{sv.notesNone}</p>
      ) : (
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
        <label for="note">{sv.note}</label>
        <textarea
          id="note"
          rows={2}
          value={text}
          onInput={(event) => onWrite(event.currentTarget.value)}
        />
        <button type="submit">{sv.saveNote}</button>
      </form>
    </section>
  );
}
