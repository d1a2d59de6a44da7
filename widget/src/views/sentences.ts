/** What the record's events say to the person, in words alone. */
import type { VisibleEvent } from "../state/state";
import type { Words } from "../strings";
import type { Message } from "../wire/protocol";

/** Who wrote a message; of the assistant's it is never left unsaid that AI wrote them. */
export function byline(message: Message, words: Words): string {
  const { t } = words;
  switch (message.from) {
    case "citizen":
      return t.you;
    case "bot":
      return message.answer?.approved_by_human ? t.byAiApproved : t.byAi;
    case "guide":
      return message.author ? words.fill(t.guideNamed, { name: message.author }) : t.guide;
    default:
      return t.system;
  }
}

export type Turn = Exclude<VisibleEvent, Message>;

/** What happened between two messages. */
export function turnSentence(event: Turn, words: Words): string {
  const { t } = words;
  switch (event.kind) {
    case "escalated":
      return t.escalated[event.reason] ?? t.escalated.policy;
    case "claimed":
      return words.fill(t.claimed, { name: event.guide_name });
    case "released":
      return event.reason === "lost_connection" ? t.lostConnection : t.released;
    case "transferred":
      return t.transferred;
    case "handed_back":
      return t.handedBack;
    case "closed":
      if (event.by === "citizen") return t.closedByCitizen;
      return event.by === "guide" ? t.closedByGuide : t.closedBySystem;
  }
}
