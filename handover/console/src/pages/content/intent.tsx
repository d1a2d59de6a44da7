import { useLayoutEffect, useRef } from "preact/hooks";
import type { IntentList } from "@wire/protocol";
import { hashOf } from "../../router";
import { content as t } from "../../strings/content";
import { useLoaded } from "../loaded";
import { LoadedView } from "../parts";
import { AnswersView } from "./answers";
import { ExamplesView } from "./examples";
import { QuestionsView } from "./questions";
import { findExamples, type QuestionSubject } from "./requests";
import { FaqSettings } from "./settings";

interface Props {
  set: string;
  intent: string;
  of: IntentList;
  onEdited(sentence: string): void;
}

/** One question: how people ask it, and what they are answered. */
export function IntentView({ set, intent, of, onEdited }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const examples = useLoaded(() => findExamples(set, intent), [set, intent]);
  const service = of.services.find(({ intents }) => intents.some(({ id }) => id === intent));
  const line = service?.intents.find(({ id }) => id === intent);
  const subject = line ? { faq: intent } : subjectOf(intent);
  const edited = (sentence: string): void => {
    examples.reload();
    onEdited(sentence);
  };
  return (
    <>
      <p>
        <a href={hashOf("content")}>{t.back}</a>
        {service && ` · ${service.name}`}
      </p>
      <h3 ref={heading} tabIndex={-1}>
        {line?.question ?? intent}
      </h3>
      {line && <p class="facts">{intent}</p>}
      <div class="beside">
        <div>
          <LoadedView of={examples}>
            {(value) => (
              <ExamplesView
                set={set}
                of={value}
                onEdited={edited}
                onConflict={examples.reload}
              />
            )}
          </LoadedView>
          {subject && <QuestionsView set={set} subject={subject} onEdited={onEdited} />}
        </div>
        {line && <AnswersView set={set} faq={intent} onEdited={onEdited} />}
      </div>
      {line && <FaqSettings set={set} faq={intent} question={line.question} onEdited={onEdited} />}
    </>
  );
}

/** What should come of a message of an intent that is no FAQ's, where that can be asked of a model. */
function subjectOf(intent: string): QuestionSubject | null {
  if (intent === "danger.none") return { outcome: "not_crisis" };
  if (intent.startsWith("danger.")) return { outcome: "crisis" };
  if (intent === "dialogue.ask_human") return { outcome: "human" };
  if (intent === "out_of_scope") return { outcome: "out_of_scope" };
  return null;
}
