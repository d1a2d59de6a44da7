import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import { isClosed, isStarted, type ChatState } from "../state/state";
import type { Language } from "../strings";
import { errorSentence } from "../strings/words";
import { Choices } from "./choices";
import { Composer } from "./composer";
import { ConfirmEnd } from "./confirm";
import { useWords } from "./context";
import { Header } from "./header";
import { Intro } from "./intro";
import { keepFocusInside, useFullScreen } from "./focus";
import { NoticesView } from "./notices";
import { RatingForm, Thanks } from "./rating";
import { StatusView, TypingView } from "./status";
import { Transcript } from "./transcript";

interface Props {
  chat: Chat;
  state: ChatState;
  missing: string | null;
  onLanguage(language: Language): void;
  onSize(size: number): void;
  onClose(): void;
}

export function Panel({ chat, state, missing, onLanguage, onSize, onClose }: Props) {
  const { t } = useWords();
  const panel = useRef<HTMLElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [ending, setEnding] = useState(false);
  const closed = isClosed(state);
  const coversPage = useFullScreen();

  useLayoutEffect(() => {
    const touch = matchMedia("(pointer: coarse)").matches;
    (touch || field.current === null ? panel.current : field.current)?.focus();
  }, []);
  useLayoutEffect(() => {
    if (coversPage && !panel.current?.matches(":focus-within")) panel.current?.focus();
  }, [coversPage]);
  const wasClosed = useRef(closed);
  useLayoutEffect(() => {
    if (wasClosed.current && !closed) field.current?.focus();
    wasClosed.current = closed;
  }, [closed]);

  function end(): void {
    setEnding(false);
    chat.close();
  }

  function keepChatting(): void {
    setEnding(false);
    field.current?.focus();
  }

  return (
    <section
      class="panel"
      role="dialog"
      aria-labelledby="title"
      aria-modal={coversPage}
      tabIndex={-1}
      ref={panel}
      onKeyDown={(event) => coversPage && keepFocusInside(event)}
      onDragOver={keepPage}
      onDrop={keepPage}
    >
      <Header
        chat={chat}
        state={state}
        onLanguage={onLanguage}
        onSize={onSize}
        onEnd={isStarted(state) && !closed ? () => setEnding(true) : null}
        onClose={onClose}
      />
      {missing !== null && (
        <p role="alert" class="problem">
          {missing}
        </p>
      )}
      <NoticesView chat={chat} />
      <StatusView state={state} />
      <Transcript
        state={state}
        onRetry={(sent) => chat.retry(sent)}
        intro={<Intro chat={chat} started={isStarted(state)} />}
      >
        <TypingView state={state} />
        {state.state === "bot" && !closed && isStarted(state) && !isUnderWay(state) && (
          <Choices choices={state.choices} onChoose={(choice) => chat.choose(choice)} />
        )}
        {state.state === "closed" && <Verdict chat={chat} state={state} />}
      </Transcript>
      <div class="footer">
        {state.problem !== null && (
          <p role="alert" class="problem">
            {errorSentence(t, state.problem)}
          </p>
        )}
        {ending && !closed && <ConfirmEnd onConfirm={end} onCancel={keepChatting} />}
        {!closed && state.state === "bot" && (
          <button type="button" class="human" onClick={() => chat.askHuman()}>
            {t.askHuman}
          </button>
        )}
        {closed ? (
          <button type="button" class="secondary" onClick={() => chat.restart()}>
            {t.newChat}
          </button>
        ) : (
          <Composer
            field={field}
            initial={chat.storage.find("draft") ?? ""}
            onDraft={(text) => {
              chat.storage.keep("draft", text);
              if (text !== "") chat.typing();
            }}
            onSend={(text) => chat.say(text)}
          />
        )}
      </div>
    </section>
  );
}

/** A file that is dropped would be opened by the browser in the place of the page. */
function keepPage(event: DragEvent): void {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
}

/** Something was said that the assistant has not got yet. */
function isUnderWay({ pending }: ChatState): boolean {
  return pending.some(({ delivery }) => delivery !== "failed");
}

function Verdict({ chat, state }: { chat: Chat; state: ChatState }) {
  return state.rated ? <Thanks /> : <RatingForm onRate={(rating) => chat.rate(rating)} />;
}
