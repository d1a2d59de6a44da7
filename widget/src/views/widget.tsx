import { useEffect, useRef } from "preact/hooks";
import type { Chat } from "../chat";
import type { ChatState } from "../state/state";
import { directionOf, type Language } from "../strings";
import { LanguageContext, useLanguage } from "./context";
import { Panel } from "./panel";

interface Props {
  chat: Chat;
  state: ChatState;
  language: Language;
  open: boolean;
  unread: number;
  onOpen(): void;
  onClose(): void;
  onLanguage(language: Language): void;
}

/** The launcher or, when it is open, the panel. */
export function Widget({ language, open, unread, onOpen, ...panel }: Props) {
  const launcher = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(open);
  useEffect(() => {
    if (wasOpen.current && !open) launcher.current?.focus();
    wasOpen.current = open;
  }, [open]);
  return (
    <LanguageContext.Provider value={language}>
      <div class="widget" lang={language} dir={directionOf(language)}>
        {open ? (
          <Panel {...panel} />
        ) : (
          <Launcher button={launcher} unread={unread} onOpen={onOpen} />
        )}
      </div>
    </LanguageContext.Provider>
  );
}

interface LauncherProps {
  button: { current: HTMLButtonElement | null };
  unread: number;
  onOpen(): void;
}

function Launcher({ button, unread, onOpen }: LauncherProps) {
  const { t } = useLanguage();
  return (
    <button type="button" class="launcher" ref={button} onClick={onOpen}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 5h16v11H9l-5 4z" />
      </svg>
      {t.openChat}
      {unread > 0 && <span class="unread">{t.unread(unread)}</span>}
    </button>
  );
}
