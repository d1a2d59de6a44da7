import { useEffect, useRef, useState } from "preact/hooks";
import type { TriedSentence } from "@wire/protocol";
import "../styles/training.css";
import { sv } from "../strings/sv";
import { playground } from "../strings/playground";
import { useSending } from "./loaded";
import { ProblemView, SaidView } from "./parts";
import { AnswerView } from "./playground/answer";
import { linkOf, type Sentence, sentenceIn } from "./playground/link";
import { WhyView } from "./playground/why";
import { trySentence } from "./training/requests";

/** A sentence, how it is understood, why, and what is answered; nothing of it is kept. */
export default function PlaygroundPage() {
  const [sentence, setSentence] = useState<Sentence>(() => sentenceIn(location.hash));
  const [tried, setTried] = useState<TriedSentence | null>(null);
  const [asked, setAsked] = useState(sentence);
  const [said, setSaid] = useState("");
  const sending = useSending();

  function ask(of: Sentence): void {
    setSaid("");
    void sending.send(
      () => trySentence(of),
      (answer) => {
        const shown = { ...of, text: answer.stored };
        setTried(answer);
        setAsked(shown);
        history.replaceState(null, "", linkOf(shown));
      },
    );
  }

  useLinked((linked) => {
    setSentence(linked);
    if (linked.text !== "") ask(linked);
  });

  async function share(): Promise<void> {
    await navigator.clipboard.writeText(new URL(linkOf(asked), location.href).href);
    setSaid(playground.shared);
  }

  return (
    <main class="page playground">
      <h2>{sv.pages.playground}</h2>
      <p>{playground.explained}</p>
      <Form of={sentence} busy={sending.busy} onChange={setSentence} onAsk={() => ask(sentence)} />
      <ProblemView sentence={sending.problem} />
      <SaidView sentence={said} />
      {tried !== null && (
        <>
          <p>
            {playground.stored(tried.stored)}{" "}
            <button type="button" onClick={() => void share()}>
              {playground.share}
            </button>
          </p>
          <AnswerView of={tried} language={asked.language} />
          <WhyView of={tried.explanation} />
          {tried.explanation.model_id && (
            <p class="model">{playground.model(tried.explanation.model_id)}</p>
          )}
        </>
      )}
    </main>
  );
}

interface FormProps {
  of: Sentence;
  busy: boolean;
  onChange(of: Sentence): void;
  onAsk(): void;
}

function Form({ of, busy, onChange, onAsk }: FormProps) {
  const { text, language, audience } = of;
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onAsk();
      }}
    >
      <label class="sentence">
        {playground.text}
        <input
          value={text}
          required
          maxLength={4_000}
          dir="auto"
          autocomplete="off"
          onInput={(event) => onChange({ ...of, text: event.currentTarget.value })}
        />
      </label>
      <label>
        {playground.language}
        <select
          value={language}
          onChange={(event) => onChange({ ...of, language: event.currentTarget.value })}
        >
          {Object.entries(playground.languages).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {playground.audience}
        <select
          value={audience}
          onChange={(event) =>
            onChange({ ...of, audience: event.currentTarget.value === "staff" ? "staff" : "citizen" })
          }
        >
          {Object.entries(playground.audiences).map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="primary" aria-disabled={busy}>
        {busy ? playground.trying : playground.try}
      </button>
    </form>
  );
}

/** Calls with the sentence of the address, at the beginning and whenever somebody follows another link. */
function useLinked(follow: (linked: Sentence) => void): void {
  const latest = useRef(follow);
  latest.current = follow;
  useEffect(() => {
    const look = (): void => latest.current(sentenceIn(location.hash));
    look();
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
}
