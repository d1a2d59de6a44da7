import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../chat";
import type { ShownNotice } from "../wire/protocol";

const READ_EVERY_MS = 60_000;

/** What everybody is told of disturbances, above the conversation; a new one is read out once. */
export function NoticesView({ chat }: { chat: Chat }) {
  const notices = useNotices(chat);
  return (
    <div class="notices" role="status">
      {notices.map(({ id, severity, text, language }) => (
        <p key={id} class={severity} lang={language} dir="auto">
          {text}
        </p>
      ))}
    </div>
  );
}

/** Reads them while the chat is open. Without an answer what was read last stays. */
function useNotices(chat: Chat): ShownNotice[] {
  const { language } = chat;
  const [notices, setNotices] = useState<ShownNotice[]>([]);
  useEffect(() => {
    let left = false;
    const read = (): void => {
      chat.findNotices().then(
        (found) => {
          if (!left) setNotices(found);
        },
        () => undefined,
      );
    };
    read();
    const timer = setInterval(read, READ_EVERY_MS);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [chat, language]);
  return notices;
}
