import { useWords } from "./context";

/** When an event happened, by the server's clock. */
export function Time({ at }: { at: string }) {
  const text = useWords().time(at);
  return text === "" ? null : <time dateTime={at}>{text}</time>;
}
