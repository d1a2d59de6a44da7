import type { Strings } from "../strings";
import type { Line, Pending } from "../state/state";
import { safeLinks } from "../wire/links";
import type { Link, Message } from "../wire/protocol";
import { useLanguage } from "./context";
import { Time } from "./time";

export function MessageView({ line, message }: { line: Line; message: Message }) {
  const { language, t } = useLanguage();
  return (
    <div class={`message ${message.from}`}>
      <p class="byline">
        {message.from === "bot" && (
          <span class="badge" aria-hidden="true">
            AI
          </span>
        )}
        <span>{byline(message, t)}</span> <Time at={line.at} language={language} />
      </p>
      <p class="text" dir="auto">{line.redacted ? t.redacted : message.text}</p>
      <Links links={safeLinks(message.links)} />
      {message.from === "citizen" && <p class="delivery">{t.delivered}</p>}
    </div>
  );
}

interface PendingProps {
  sent: Pending;
  onRetry(sent: Pending): void;
}

/** Something said that is not in the record yet. */
export function PendingView({ sent, onRetry }: PendingProps) {
  const { language, t } = useLanguage();
  return (
    <div class="message citizen">
      <p class="byline">
        <span>{t.you}</span> <Time at={sent.at} language={language} />
      </p>
      <p class="text" dir="auto">{sent.text}</p>
      <p class="delivery">{t[sent.delivery]}</p>
      {sent.delivery === "failed" && (
        <button type="button" class="quiet" onClick={() => onRetry(sent)}>
          {t.retry}
        </button>
      )}
    </div>
  );
}

function byline(message: Message, t: Strings): string {
  switch (message.from) {
    case "citizen":
      return t.you;
    case "bot":
      return message.answer?.approved_by_human ? t.byAiApproved : t.byAi;
    case "guide":
      return message.author ? `${message.author}, ${t.guide.toLowerCase()}` : t.guide;
    case "system":
      return t.system;
  }
}

function Links({ links }: { links: Link[] }) {
  const { t } = useLanguage();
  if (links.length === 0) return null;
  return (
    <ul class="links" aria-label={t.links}>
      {links.map(({ title, url }) => (
        <li key={url}>
          <a href={url} target={url.startsWith("https:") ? "_blank" : undefined} rel="noopener">
            {title}
          </a>
        </li>
      ))}
    </ul>
  );
}
