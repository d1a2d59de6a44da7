import { useEffect, useRef, useState } from "preact/hooks";
import { drawAnswer } from "@widget/preview";
import type { AnswerPreview } from "@wire/protocol";
import { content as t } from "../../strings/content";
import { languageName } from "../../views/words";
import { findPreview } from "./requests";

const PAUSE_MS = 300;

interface Props {
  set: string;
  faq: string;
  language: string;
  answer: string;
}

/** An answer as the chat shows it, drawn by the chat's own code. */
export function PreviewView({ set, faq, language, answer }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<AnswerPreview | null>(null);

  useEffect(() => {
    if (answer.trim() === "") return setShown(null);
    const giveUp = new AbortController();
    const later = setTimeout(() => {
      findPreview(set, { faq, language, answer }, giveUp.signal).then(setShown, () => undefined);
    }, PAUSE_MS);
    return () => {
      clearTimeout(later);
      giveUp.abort();
    };
  }, [set, faq, language, answer]);

  useEffect(() => {
    if (shown === null || host.current === null) return;
    return drawAnswer(host.current, shown);
  }, [shown]);

  return (
    <figure class="preview" hidden={shown === null}>
      <figcaption class="facts">{t.preview(languageName(language))}</figcaption>
      <div ref={host} />
    </figure>
  );
}
