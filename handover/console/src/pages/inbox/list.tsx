import type { MissedGroup } from "@wire/protocol";
import { inbox as t } from "../../strings/inbox";
import type { Faqs } from "./faqs";

interface GroupsProps {
  groups: readonly MissedGroup[];
  current: MissedGroup;
  faqs: Faqs;
  onGo(key: string): void;
}

/** All groups, the worst first; one that a colleague has is not for us. */
export function GroupsView({ groups, current, faqs, onGo }: GroupsProps) {
  return (
    <nav aria-label={t.groups}>
      <ol>
        {groups.map((group) => (
          <li key={group.key}>
            <button
              type="button"
              class="row"
              aria-current={group === current ? "true" : undefined}
              aria-disabled={group.held_by ? "true" : undefined}
              onClick={() => !group.held_by && onGo(group.texts[0]?.key ?? "")}
            >
              <span class="reason">{titleOf(group, faqs)}</span>
              <span class="facts">
                {group.held_by ? t.heldBy(group.held_by) : t.size(group.size, group.count)}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What a group may be about. */
export function titleOf({ suggestions, name }: MissedGroup, faqs: Faqs): string {
  const [first] = suggestions;
  return first ? faqs.question(first.faq) : t.newQuestion(name);
}

interface TextsProps {
  group: MissedGroup;
  current: string;
  whole: boolean;
  left: readonly string[];
  onGo(key: string): void;
  onTick(key: string): void;
  onWhole(): void;
}

/** The texts of a group: to go to, or to tick where a label is for several. */
export function TextsView({ group, current, whole, left, onGo, onTick, onWhole }: TextsProps) {
  const { texts, size } = group;
  if (texts.length < 2) return null;
  return (
    <section aria-labelledby="in-group">
      <h4 id="in-group">{t.inGroup}</h4>
      <label class="check">
        <input type="checkbox" checked={whole} onChange={onWhole} />
        {t.whole} <kbd aria-hidden="true">a</kbd>
      </label>
      <ul class="in-group">
        {texts.map(({ key, text, language }) => (
          <li key={key} class={key === current ? "current" : ""}>
            {whole && (
              <input
                type="checkbox"
                aria-label={t.tick(text)}
                checked={!left.includes(key)}
                onChange={() => onTick(key)}
              />
            )}
            <button
              type="button"
              class="plain"
              lang={language}
              dir="auto"
              aria-current={key === current ? "true" : undefined}
              onClick={() => onGo(key)}
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
      {size > texts.length && <p class="hint">{t.more(size - texts.length)}</p>}
    </section>
  );
}
