import { useMemo, useState } from "preact/hooks";
import type { RefObject } from "preact";
import type { CannedAnswers, ConversationSummary } from "@wire/protocol";
import type { Desk } from "../desk";
import { useKnown } from "../knowledge";
import { findGaps } from "../state/gaps";
import { sv } from "../strings/sv";
import { Panel } from "./panel";
import { Picker } from "./picker";
import { ProblemOf } from "./known";

interface Props {
  desk: Desk;
  summary: ConversationSummary;
  reply: RefObject<HTMLTextAreaElement | null>;
  onClose(): void;
}

/** Finds a ready-made answer, and puts it into the reply with what is known filled in. */
export function CannedPanel({ desk, summary, reply, onClose }: Props) {
  const { conversation_id, language, service } = summary;
  const [q, setQ] = useState("");
  const known = useKnown<CannedAnswers>(desk.knowledge, "canned", { language, service, q });
  // While the next ones are on their way the last ones stay.
  const [answers, setAnswers] = useState<CannedAnswers["answers"]>([]);
  if (known.answer !== null && known.answer.answers !== answers) setAnswers(known.answer.answers);
  const choices = useMemo(
    () =>
      answers.map(({ id, title, shortcuts, text, language, swedish, unfilled, stand_ins }) => ({
        value: id,
        label: title,
        detail: shortcuts.map((shortcut) => `/${shortcut}`).join(" "),
        body: (
          <>
            <span class="text" lang={language} dir="auto">
              {text}
            </span>
            {swedish && (
              <span class="text" lang="sv">
                {swedish}
              </span>
            )}
            {unfilled.length > 0 && (
              <span class="hint">{sv.toFillIn(unfilled.map((gap) => gap.describes))}</span>
            )}
            {stand_ins.length > 0 && (
              <span class="hint warning">
                {sv.gapsFilled(stand_ins.map((gap) => gap.describes))}
              </span>
            )}
          </>
        ),
      })),
    [answers],
  );

  function pick(id: string): void {
    const picked = answers.find((answer) => answer.id === id);
    if (picked === undefined) return;
    desk.insert(conversation_id, picked.text);
    onClose();
    requestAnimationFrame(() => markFirstGap(reply.current));
  }

  return (
    <Panel label={sv.canned} onClose={onClose}>
      <Picker
        label={sv.cannedSearch}
        choices={choices}
        empty={known.answer === null ? sv.loading : sv.cannedNone}
        onSearch={setQ}
        onPick={pick}
      />
      <ProblemOf known={known} />
    </Panel>
  );
}

/** Puts the cursor at the end, or on the first thing that is to be filled in. */
function markFirstGap(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  const [gap] = findGaps(field.value);
  field.focus();
  field.setSelectionRange(gap?.start ?? field.value.length, gap?.end ?? field.value.length);
}
