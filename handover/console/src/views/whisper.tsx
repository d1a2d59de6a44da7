import type { Desk } from "../desk";
import { sv } from "../strings/sv";

/** A lead says something to the guide who has the conversation. */
export function WhisperView({ desk, conversationId }: { desk: Desk; conversationId: string }) {
  const text = desk.textOf("whisper", conversationId);
  return (
    <form
      class="whispering"
      onSubmit={(event) => {
        event.preventDefault();
        desk.sendText("whisper", conversationId);
      }}
    >
      <label for="whisper">{sv.whisper}</label>
      <textarea
        id="whisper"
        rows={2}
        value={text}
        aria-describedby="whisper-hint"
        onInput={(event) => desk.write("whisper", conversationId, event.currentTarget.value)}
      />
      <p id="whisper-hint" class="hint">
        {sv.whisperHint}
      </p>
      <button type="submit">{sv.sendWhisper}</button>
    </form>
  );
}
