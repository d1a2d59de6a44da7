import { useMemo } from "preact/hooks";
import type { ReviewItem } from "@wire/protocol";
import { pages } from "../../strings/pages";
import { useNames, type Names } from "../../views/names";
import { languageName } from "../../views/words";
import { moment, share } from "../words";
import { compare, likenessOf, type Piece } from "./likeness";

const t = pages.review;

/** An answer to judge: what was asked, what the assistant said, and what the guide wrote in its place. */
export function ItemView({ item }: { item: ReviewItem }) {
  const names = useNames();
  const compared = useMemo(
    () => (item.guide_answer ? compare(item.answer, item.guide_answer) : null),
    [item],
  );
  return (
    <>
      <p class="facts">{factsOf(item, names)}</p>
      <h4>{t.question}</h4>
      <p class="text asked" lang={item.language}>
        {item.question || t.noQuestion}
      </p>
      <div class="answers">
        <section aria-labelledby="answer">
          <h4 id="answer">
            <span class="badge" aria-hidden="true">
              AI
            </span>
            {item.level === "shadow" ? t.unseen : t.answer}
          </h4>
          <Pieces of={compared?.one ?? [{ text: item.answer, only: false }]} lang={item.language} />
        </section>
        {compared && (
          <section aria-labelledby="guide-answer">
            <h4 id="guide-answer">{t.guideAnswer}</h4>
            <Pieces of={compared.other} lang={item.language} />
          </section>
        )}
      </div>
      {compared && <LikenessView item={item} />}
    </>
  );
}

function Pieces({ of, lang }: { of: readonly Piece[]; lang: string }) {
  return (
    <p class="text" lang={lang}>
      {of.map(({ text, only }, index) => (only ? <mark key={index}>{text}</mark> : text))}
    </p>
  );
}

function LikenessView({ item: { agreement, edit_distance } }: { item: ReviewItem }) {
  if (typeof agreement !== "number" || typeof edit_distance !== "number") return null;
  return (
    <section aria-labelledby="likeness">
      <h4 id="likeness">{t.likeness}</h4>
      <p>
        {t.agreement(t[likenessOf(agreement)], share(agreement))} {t.distance(share(edit_distance))}{" "}
        {t.onlyHere}
      </p>
    </section>
  );
}

function factsOf(item: ReviewItem, names: Names): string {
  const { level, faqs, at, language, confidence } = item;
  return [
    pages.rollout.levels[level],
    faqs.map(names.intent).join(" "),
    moment(at),
    languageName(language),
    ...(typeof confidence === "number" ? [t.confidence(share(confidence))] : []),
  ].join(" · ");
}
