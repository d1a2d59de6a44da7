import { useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "../chat";
import type { ChatState } from "../state/state";
import type { Language, Words } from "../strings";
import { useWords, WordsContext } from "./context";
import { Guard } from "./guard";
import { Panel } from "./panel";

interface Props {
  chat: Chat;
  state: ChatState;
  words: Words;
  /** Says that the table of the chosen language did not come; else null. */
  missing: string | null;
  open: boolean;
  unread: number;
  onOpen(): void;
  onClose(): void;
  onLanguage(language: Language): void;
  onSize(size: number): void;
}

/** The launcher or, when it is open, the panel. */
export function Widget({ words, open, unread, onOpen, ...panel }: Props) {
  const launcher = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(open);
  useLayoutEffect(() => {
    // What somebody does on the page meanwhile is not interrupted.
    if (wasOpen.current && !open && document.activeElement === document.body) launcher.current?.focus();
    wasOpen.current = open;
    if (!open) return;
    // From anywhere: what has the focus on the page may lie under the panel.
    const leave = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.defaultPrevented) panel.onClose();
    };
    document.addEventListener("keydown", leave);
    return () => document.removeEventListener("keydown", leave);
  }, [open]);
  const { language, direction } = words;
  return (
    <WordsContext.Provider value={words}>
      <div class={open ? "corner open" : "corner"}>
        <div class={`widget size-${panel.chat.size}`} lang={language} dir={direction}>
          {open ? (
            <Guard instead={<Broken onClose={panel.onClose} />}>
              <Panel {...panel} />
            </Guard>
          ) : (
            <Launcher button={launcher} unread={unread} onOpen={onOpen} />
          )}
        </div>
      </div>
    </WordsContext.Provider>
  );
}

interface LauncherProps {
  button: { current: HTMLButtonElement | null };
  unread: number;
  onOpen(): void;
}

function Launcher({ button, unread, onOpen }: LauncherProps) {
  const words = useWords();
  const { t } = words;
  return (
    <button type="button" class="launcher" ref={button} onClick={onOpen}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 5h16v11H9l-5 4z" />
      </svg>
      {t.openChat}
      {unread > 0 && <span class="unread">{words.count(t.unread, unread)}</span>}
    </button>
  );
}

/** What is left when the panel cannot be drawn. */
function Broken({ onClose }: { onClose(): void }) {
  const { t } = useWords();
  return (
    <section class="panel footer" role="dialog" aria-label={t.name}>
      <p role="alert" class="problem">
        {t.error}
      </p>
      <button type="button" onClick={onClose}>
        {t.closePanel}
      </button>
    </section>
  );
}
