/** How edits are sent: a refusal becomes a sentence that also says what somebody else wrote. */
import { useState } from "preact/hooks";
import { sentenceOf } from "../../api";
import { content } from "../../strings/content";
import { factOf, isRefusal, sendEdits, type AnyEdit } from "./requests";

export interface Editing {
  busy: boolean;
  /** Why the last edit was refused, or empty. */
  problem: string;
  /** What the question is called now, where somebody has renamed it. */
  renamedTo: string;
  /** Sends edits as one commit; tells whether they were taken. */
  send(...edits: [AnyEdit, ...AnyEdit[]]): Promise<boolean>;
}

/** `onTaken` is called with each edit that was taken, `onConflict` when somebody else was faster. */
export function useEditing(set: string, onTaken: () => void, onConflict: () => void): Editing {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [renamedTo, setRenamedTo] = useState("");

  async function send(...edits: [AnyEdit, ...AnyEdit[]]): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    setProblem("");
    try {
      await sendEdits(set, ...edits);
      onTaken();
      return true;
    } catch (error) {
      setProblem(refusalSentence(error));
      setRenamedTo(isRefusal(error, "intent_renamed") ? factOf(error, "to") : "");
      if (isRefusal(error, "edit_conflict")) onConflict();
      return false;
    } finally {
      setBusy(false);
    }
  }

  return { busy, problem, renamedTo, send };
}

function refusalSentence(error: unknown): string {
  const sentence = sentenceOf(error);
  if (isRefusal(error, "edit_conflict")) {
    return `${sentence} ${content.conflict(factOf(error, "by"), factOf(error, "theirs"))}`;
  }
  if (isRefusal(error, "intent_renamed")) {
    return `${sentence} ${content.renamedTo(factOf(error, "to"))}`;
  }
  if (isRefusal(error, "question_trained")) {
    const place = content.trainedAs(factOf(error, "intent"), factOf(error, "file"), factOf(error, "line"));
    return `${sentence} ${place}`;
  }
  return sentence;
}
