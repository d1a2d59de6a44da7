import type { CatalogueFaq } from "@wire/protocol";
import { sv } from "../strings/sv";
import { Key } from "./key";
import { languageName } from "./words";

const MAX_KEY = 5;

interface Props {
  faq: CatalogueFaq;
  /** The service that it belongs to, where that is not plain. */
  about?: string;
  /** The language of the conversation. */
  language: string;
  insert: ((text: string) => void) | null;
  /** The key that inserts it, from 1. */
  number?: number;
}

/** A question of the catalogue; its answer unfolds, and goes into the reply at a click. */
export function FaqView({ faq, about, language, insert, number }: Props) {
  const key = number !== undefined && number <= MAX_KEY ? String(number) : null;
  const warnings = warningsOf(faq, language);
  return (
    <div class="faq">
      <details>
        <summary>
          {faq.question}
          {about && <span class="about">{about}</span>}
        </summary>
        <p class="text" lang={faq.language} dir="auto">
          {faq.answer}
        </p>
        {warnings.map((warning) => (
          <p key={warning} class="hint warning">
            {warning}
          </p>
        ))}
      </details>
      {insert && (
        <button
          type="button"
          aria-label={sv.insertAnswer(faq.question)}
          aria-keyshortcuts={key ?? undefined}
          data-suggestion={key ?? undefined}
          onClick={() => insert(withLinks(faq))}
        >
          {sv.insert} {key && <Key of={key} />}
        </button>
      )}
    </div>
  );
}

function withLinks({ answer, links }: CatalogueFaq): string {
  const lines = links.flatMap(({ title, url }) => (url ? [`${title.text}: ${url}`] : []));
  return [answer, ...lines].join("\n");
}

/** What a guide should know before the answer is passed on. */
function warningsOf(
  { language, source, translation, gaps }: CatalogueFaq,
  wanted: string,
): string[] {
  return [
    ...(language === wanted ? [] : [sv.inLanguage(languageName(language))]),
    ...(translation === "machine, unreviewed" ? [sv.machineTranslated] : []),
    ...(source === "example" ? [sv.exampleAnswer] : []),
    ...(gaps.length > 0 ? [sv.gapsFilled(gaps.map((gap) => gap.describes))] : []),
  ];
}
