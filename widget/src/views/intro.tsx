import type { Chat } from "../chat";
import { useWords } from "./context";
import { Newcomers } from "./newcomers";

interface Props {
  chat: Chat;
  /** Whether anything has been said. */
  started: boolean;
}

/** What one should know before the first message, and what one may ask without writing one. */
export function Intro({ chat, started }: Props) {
  const { t } = useWords();
  return (
    <div class="intro">
      <section class="privacy" aria-labelledby="privacy">
        <h3 id="privacy">{t.privacyHeading}</h3>
        <ul>
          {t.privacy.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
          {!chat.storage.lasts && <li>{t.notKept}</li>}
        </ul>
      </section>
      <p class="greeting">{t.greeting}</p>
      {!started && <Newcomers chat={chat} />}
    </div>
  );
}
