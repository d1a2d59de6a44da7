import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { EventFrame, RecordEvent } from "@wire/frames";
import { safeLinks } from "@wire/links";
import type { ConversationSummary, Message } from "@wire/protocol";
import { approvedDraftIds, findOpenDraft, redactedSeqs } from "../state/record";
import type { GuideCommand } from "../state/state";
import { sv } from "../strings/sv";
import { Time } from "./time";
import { percent } from "./words";

interface Props {
  events: readonly EventFrame[];
  summary: ConversationSummary;
  typing: "citizen" | "bot" | null;
  pending: readonly GuideCommand[];
}

export function TranscriptView({ events, summary, typing, pending }: Props) {
  const log = useRef<HTMLDivElement>(null);
  const redacted = redactedSeqs(events);
  // A draft that waits is shown where it is judged; one that was sent, as the message that it became.
  const shownElsewhere = approvedDraftIds(events).add(findOpenDraft(events)?.draft.id ?? "");
  const person = summary.audience === "staff" ? sv.employee : sv.citizen;
  const toEnd = (): void => log.current?.scrollTo({ top: log.current.scrollHeight });
  useLayoutEffect(toEnd, [events.length, pending.length, typing]);
  useEffect(() => {
    // What opens below takes room: the last that was said stays in sight.
    const watcher = new ResizeObserver(toEnd);
    if (log.current) watcher.observe(log.current);
    return () => watcher.disconnect();
  }, []);
  return (
    <div
      class="transcript"
      role="log"
      aria-live="polite"
      aria-label={sv.conversation}
      aria-busy={(events.at(-1)?.seq ?? 0) < summary.seq}
      tabIndex={0}
      ref={log}
    >
      {events.map(({ seq, at, event }) =>
        event.kind === "message" ? (
          <MessageView
            key={seq}
            at={at}
            message={event}
            person={person}
            redacted={redacted.has(seq)}
          />
        ) : (
          !(event.kind === "draft" && shownElsewhere.has(event.id)) && (
            <TurnView key={seq} at={at} event={event} />
          )
        ),
      )}
      {pending.map(
        (command) =>
          command.type === "reply" &&
          command.conversation_id === summary.conversation_id && (
            <div key={command.id} class="message guide">
              <p class="byline">{sv.sending}</p>
              <p class="text" dir="auto">
                {command.text}
              </p>
            </div>
          ),
      )}
      {typing !== null && <p class="turn">{sv.typing(typing === "bot" ? sv.bot : person)}</p>}
    </div>
  );
}

interface MessageProps {
  at: string;
  message: Message;
  person: string;
  redacted: boolean;
}

function MessageView({ at, message, person, redacted }: MessageProps) {
  const links = safeLinks(message.links);
  return (
    <div class={`message ${message.from}`}>
      <p class="byline">
        {message.from === "bot" && (
          <span class="badge" aria-hidden="true">
            AI
          </span>
        )}
        {byline(message, person)} · <Time at={at} />
      </p>
      <p class="text" dir="auto">
        {redacted ? sv.redacted : message.text}
      </p>
      {links.length > 0 && (
        <ul>
          {links.map(({ title, url }) => (
            <li key={url}>
              <a href={url} target="_blank" rel="noopener">
                {title}
              </a>
            </li>
          ))}
        </ul>
      )}
      {(message.choices ?? []).length > 0 && (
        <p class="offered">{message.choices?.map(({ title }) => title).join(" · ")}</p>
      )}
    </div>
  );
}

function byline(message: Message, person: string): string {
  switch (message.from) {
    case "citizen":
      return message.choice ? `${person} ${sv.choice}` : person;
    case "bot":
      return `${sv.bot}, ${message.answer?.approved_by_human ? sv.byAiApproved : sv.byAi}`;
    case "guide":
      return message.author ?? sv.guide;
    case "system":
      return sv.system;
  }
}

function TurnView({ at, event }: { at: string; event: RecordEvent }) {
  if (event.kind === "draft") {
    const byline = event.shadow ? sv.shadow : sv.draftOf;
    return <UnseenView kind="shadow" byline={byline} at={at} text={event.text} />;
  }
  if (event.kind === "whispered") {
    return (
      <UnseenView
        kind="whisper"
        byline={sv.whispered(event.guide_name)}
        at={at}
        text={event.text}
      />
    );
  }
  const sentence = turnSentence(event);
  if (sentence === null) return null;
  return (
    <p class="turn">
      {sentence} · <Time at={at} />
    </p>
  );
}

interface UnseenProps {
  kind: "shadow" | "whisper";
  byline: string;
  at: string;
  text: string;
}

/** What stands in the record but is never shown to the citizen. */
function UnseenView({ kind, byline, at, text }: UnseenProps) {
  return (
    <div class={`message ${kind}`}>
      <p class="byline">
        {kind === "shadow" && (
          <span class="badge" aria-hidden="true">
            AI
          </span>
        )}
        {byline} · <Time at={at} />
      </p>
      <p class="text" dir="auto">
        {text}
      </p>
    </div>
  );
}

/** Returns what an event that is not a message tells, or null where it is told elsewhere. */
function turnSentence(event: RecordEvent): string | null {
  switch (event.kind) {
    case "opened":
      return sv.opened;
    case "escalated":
      return sv.escalated(event.reason);
    case "claimed":
      return sv.claimed[event.via ?? "claim"](event.guide_name);
    case "released":
      return event.reason === "lost_connection" ? sv.lostConnection : sv.released;
    case "transferred":
      return sv.transferred;
    case "wish_dropped":
      return sv.wishDropped;
    case "handed_back":
      return event.note ? `${sv.handedBack}: ${event.note}` : sv.handedBack;
    case "draft_decided":
      return event.label
        ? `${sv.decisions[event.decision]}: ${sv.labels[event.label].toLowerCase()}`
        : sv.decisions[event.decision];
    case "shadow_compared":
      return sv.compared(percent(event.agreement));
    case "reviewed":
      return sv.reviewed(event.guide_name, event.verdict);
    case "rated":
      return ratingSentence(event);
    case "closed":
      return event.outcome
        ? `${sv.closed}: ${sv.outcomes[event.outcome].toLowerCase()}`
        : sv.closed;
    default:
      return null;
  }
}

function ratingSentence({ score, resolved, comment }: Extract<RecordEvent, { kind: "rated" }>) {
  const answered = resolved ? sv.resolvedYes : sv.resolvedNo;
  const parts = [sv.rated(score), ...(typeof resolved === "boolean" ? [answered] : [])];
  return comment ? `${parts.join(", ")}: ${comment}` : parts.join(", ");
}
