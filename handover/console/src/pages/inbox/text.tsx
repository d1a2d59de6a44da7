import type { MissedGroup, MissedText } from "@wire/protocol";
import { inbox as t, kindsOf } from "../../strings/inbox";
import { sv } from "../../strings/sv";
import { languageName } from "../../views/words";
import { moment, share } from "../words";
import type { Faqs } from "./faqs";

interface Props {
  group: MissedGroup;
  text: MissedText;
  faqs: Faqs;
}

/** A text that was missed: what was written, what became of it, what may have been meant. */
export function TextView({ group, text, faqs }: Props) {
  return (
    <>
      <p class="facts">{factsOf(text)}</p>
      <h4>{t.asked}</h4>
      <p class="text asked" lang={text.language} dir="auto">
        {text.text}
      </p>
      <h4>{t.happened}</h4>
      <ul class="happened">
        {[kindsOf(text), ...whatHappened(text, faqs)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h4>{t.suggested}</h4>
      {group.suggestions.length === 0 ? (
        <p>{t.nothingFits}</p>
      ) : (
        <ul class="suggested">
          {group.suggestions.map(({ faq, likelihood }) => (
            <li key={faq}>{t.likely(faqs.question(faq), share(likelihood))}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function whatHappened({ answered, offered, chosen, reject_label }: MissedText, faqs: Faqs): string[] {
  const name = (faq: string): string => faqs.question(faq);
  const why: Readonly<Record<string, string>> = sv.labels;
  return [
    ...(answered ? [t.answered(name(answered))] : []),
    ...(offered.length > 0 ? [t.offered(offered.map(name).join(" · "))] : []),
    ...(chosen ? [t.chosen(name(chosen))] : []),
    ...(reject_label ? [t.rejected(why[reject_label] ?? reject_label)] : []),
  ];
}

function factsOf({ count, language, audience, at }: MissedText): string {
  return [t.times(count), languageName(language), sv.audiences[audience], moment(at)].join(" · ");
}
