import { useState } from "preact/hooks";
import type { Chat } from "../chat";
import type { ChatState } from "../state/state";
import { isClosed } from "../state/state";
import { languageNames, languages, type Language, type Words } from "../strings";
import { useWords } from "./context";
import { More } from "./more";

interface Props {
  chat: Chat;
  state: ChatState;
  onLanguage(language: Language): void;
  onSize(size: number): void;
  /** Absent where there is nothing to end. */
  onEnd: (() => void) | null;
  onClose(): void;
}

export function Header({ chat, state, onLanguage, onSize, onEnd, onClose }: Props) {
  const words = useWords();
  const { t } = words;
  const [more, setMore] = useState(false);
  return (
    <>
      <div class="header">
        <h2 id="title">{t.name}</h2>
        <button type="button" class="close" aria-label={t.closePanel} onClick={onClose}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M6 6l12 12M18 6L6 18" />
          </svg>
        </button>
        <p class="counterpart">{counterpart(state, words)}</p>
        <div class="tools">
          <select
            aria-label={t.language}
            value={chat.language}
            onChange={(event) => onLanguage(event.currentTarget.value as Language)}
          >
            {languages.map((each) => (
              <option key={each} value={each} lang={each}>
                {languageNames[each]}
              </option>
            ))}
          </select>
          <button
            type="button"
            aria-expanded={more}
            aria-controls={more ? "more" : undefined}
            onClick={() => setMore(!more)}
          >
            {t.more}
          </button>
          {onEnd !== null && (
            <button type="button" onClick={onEnd}>
              {t.end}
            </button>
          )}
        </div>
      </div>
      {more && <More state={state} size={chat.size} onSize={onSize} />}
    </>
  );
}

/** Who one is talking to; never left unsaid. */
function counterpart(state: ChatState, words: Words): string {
  const { t } = words;
  if (isClosed(state)) return t.ended;
  if (state.state === "waiting") return t.inQueue;
  if (state.state === "bot") return t.withAssistant;
  return words.fill(t.withGuide, { name: state.guideName ?? t.guide });
}
