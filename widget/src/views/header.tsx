import type { ChatState } from "../state/state";
import { isClosed } from "../state/state";
import { languages, stringsOf, type Language, type Strings } from "../strings";
import { useLanguage } from "./context";

interface Props {
  state: ChatState;
  onLanguage(language: Language): void;
  /** Absent where there is nothing to end. */
  onEnd: (() => void) | null;
  onClose(): void;
}

export function Header({ state, onLanguage, onEnd, onClose }: Props) {
  const { language, t } = useLanguage();
  return (
    <div class="header">
      <h2 id="title">{t.name}</h2>
      <button type="button" class="close" aria-label={t.closePanel} onClick={onClose}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M6 6l12 12M18 6L6 18" />
        </svg>
      </button>
      <p class="counterpart">{counterpart(state, t)}</p>
      <div class="tools">
        <select
          aria-label={t.language}
          value={language}
          onChange={(event) => onLanguage(event.currentTarget.value as Language)}
        >
          {languages.map((each) => (
            <option key={each} value={each} lang={each}>
              {stringsOf(each).languageName}
            </option>
          ))}
        </select>
        {onEnd !== null && (
          <button type="button" onClick={onEnd}>
            {t.end}
          </button>
        )}
      </div>
    </div>
  );
}

/** Who one is talking to; never left unsaid. */
function counterpart(state: ChatState, t: Strings): string {
  if (isClosed(state)) return t.ended;
  if (state.state === "waiting") return t.inQueue;
  return state.state === "guide" ? t.withGuide(state.guideName ?? t.guide) : t.withAssistant;
}
