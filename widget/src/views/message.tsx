import type { Line, Pending } from "../state/state";
import { safeLinks } from "../wire/links";
import type { Link, Message } from "../wire/protocol";
import { useWords } from "./context";
import { byline } from "./sentences";
import { Time } from "./time";

/** One's own words are not read back. */
export function MessageView({ line, message }: { line: Line; message: Message }) {
  const words = useWords();
  const { t } = words;
  const live = message.from === "citizen" ? "off" : undefined;
  return (
    <div class={`message ${message.from}`} aria-live={live}>
      <p class="byline">
        {message.from === "bot" && (
          <span class="badge" aria-hidden="true">
            AI
          </span>
        )}
        <span>{byline(message, words)}</span> <Time at={line.at} />
      </p>
      <p class="text" dir="auto" lang={message.answer?.language}>
        {line.redacted ? t.redacted : message.text}
      </p>
      <Links links={safeLinks(message.links)} />
      {message.from === "citizen" && <p class="delivery">{t.delivered}</p>}
    </div>
  );
}

interface PendingProps {
  sent: Pending;
  onRetry(sent: Pending): void;
}

/** Something said that is not in the record yet; it has no time before the server gives it one. */
export function PendingView({ sent, onRetry }: PendingProps) {
  const { t } = useWords();
  return (
    <div class="message citizen" aria-live="off">
      <p class="byline">{t.you}</p>
      <p class="text" dir="auto">
        {sent.text}
      </p>
      <p class="delivery">{t[sent.delivery]}</p>
      {sent.delivery === "failed" && (
        <button type="button" class="quiet" onClick={() => onRetry(sent)}>
          {t.retry}
        </button>
      )}
    </div>
  );
}

function Links({ links }: { links: Link[] }) {
  const { t } = useWords();
  if (links.length === 0) return null;
  return (
    <ul class="links" aria-label={t.links}>
      {links.map(({ title, url }) => (
        <li key={url}>
          <a href={url} target={/^https:/i.test(url) ? "_blank" : undefined} rel="noopener" dir="auto">
            {title}
          </a>
        </li>
      ))}
    </ul>
  );
}
