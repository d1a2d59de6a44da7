import { useEffect, useState } from "preact/hooks";
import type { EventFrame } from "@wire/frames";
import type { CatalogueHits, ConversationSummary } from "@wire/protocol";
import { useKnown, type Knowledge } from "../knowledge";
import { findOpenDraft, findQuestion, findUnsent } from "../state/record";
import { sv } from "../strings/sv";
import { FaqView } from "./faq";
import { Fold } from "./fold";
import { ProblemOf } from "./known";
import { Key } from "./key";

const MAX_QUERY_CHARACTERS = 200;
const SHOWN_HITS = 4;
const PAUSE_MS = 250;

interface Props {
  knowledge: Knowledge;
  summary: ConversationSummary;
  events: readonly EventFrame[];
  /** Puts a text into the reply; null where it is not one's own to write. */
  insert: ((text: string) => void) | null;
}

/** What could be answered: what the assistant would have said, and what the catalogue has of it. */
export function SuggestionsView({ knowledge, summary, events, insert }: Props) {
  const [words, setWords] = useState("");
  const searched = useWhenStill(words.trim());
  const isJudged = findOpenDraft(events) !== null;
  const unsent = isJudged ? null : findUnsent(events);
  const q = [...(searched || (findQuestion(events) ?? ""))].slice(0, MAX_QUERY_CHARACTERS).join("");
  const known = useKnown<CatalogueHits>(knowledge, q === "" ? null : "catalogue/search", {
    q,
    audience: summary.audience,
    language: summary.language,
    limit: SHOWN_HITS,
  });
  const hits = known.answer?.hits ?? [];
  return (
    <Fold title={sv.suggestions}>
      {unsent && (
        <div class="unsent">
          <p class="byline">
            <span class="badge" aria-hidden="true">
              AI
            </span>
            {unsent.shadow ? sv.shadow : sv.draftUnsent}
          </p>
          <p class="text" dir="auto">
            {unsent.text}
          </p>
          {insert && (
            <button type="button" data-suggestion="1" onClick={() => insert(unsent.text)}>
              {sv.insert} <Key of="1" />
            </button>
          )}
        </div>
      )}
      <label for="catalogue-search">{sv.searchCatalogue}</label>
      <input
        id="catalogue-search"
        type="search"
        value={words}
        maxLength={MAX_QUERY_CHARACTERS}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <ul class="hits" aria-label={sv.hits}>
        {hits.map(({ faq, service_name }, index) => (
          <li key={faq.id}>
            <FaqView
              faq={faq}
              about={service_name.text}
              language={summary.language}
              insert={insert}
              number={index + 1 + Number(unsent !== null)}
            />
          </li>
        ))}
      </ul>
      <p role="status" class="hint">
        {known.answer !== null && hits.length === 0 ? sv.hitsNone : ""}
      </p>
      <ProblemOf known={known} />
    </Fold>
  );
}

/** Returns what is written once the writer has paused. */
function useWhenStill(text: string): string {
  const [still, setStill] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setStill(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return still;
}
