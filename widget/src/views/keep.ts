/** The conversation to keep: as a text file, and on paper. */
import { isSaid, type ChatState } from "../state/state";
import type { Words } from "../strings";
import { safeLinks } from "../wire/links";
import { byline, turnSentence } from "./sentences";

const FILE_LASTS_MS = 10_000;

interface Entry {
  /** When, and who said it; when alone for what happened. */
  head: string;
  /** Empty for what is not said by anybody. */
  text: string;
}

/** Everything the person sees, in order, each with its time and with who wrote it. */
export function entriesOf(state: ChatState, words: Words): Entry[] {
  const { t } = words;
  const recorded = state.lines.map(({ at, event, redacted }) => {
    const time = words.fullTime(at);
    if (event.kind !== "message") return { head: `${time} · ${turnSentence(event, words)}`, text: "" };
    const links = safeLinks(event.links).map(({ title, url }) => `${title}: ${url}`);
    const text = [redacted ? t.redacted : event.text, ...links].join("\n");
    return { head: `${time} · ${byline(event, words)}`, text };
  });
  const unsent = state.pending.filter(isSaid).map(({ text, delivery }) => {
    return { head: `${t.you} · ${t[delivery]}`, text };
  });
  return [...recorded, ...unsent];
}

/** Hands the conversation to the browser as a file. */
export function saveConversation(state: ChatState, words: Words): void {
  const now = new Date();
  const parts = entriesOf(state, words).map(({ head, text }) => (text ? `${head}\n${text}` : head));
  const file = [titleOf(words, now), ...parts].join("\n\n") + "\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file], { type: "text/plain;charset=utf-8" }));
  link.download = `kontakt-${now.toISOString().slice(0, 10)}.txt`;
  link.click();
  // A browser may read the file only after this has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), FILE_LASTS_MS);
}

/** The page that was printed last, until the browser says that it is done with it. */
let paper: HTMLIFrameElement | null = null;

/** Prints the conversation from a page of its own, which is inside `root` while that lasts. */
export function printConversation(state: ChatState, words: Words, root: Node): void {
  paper?.remove();
  const frame = (paper = document.createElement("iframe"));
  frame.className = "hidden";
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  root.appendChild(frame);
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  if (page === null || view === null) return frame.remove();
  page.documentElement.lang = words.language;
  page.documentElement.dir = words.direction;
  page.title = words.t.name;
  page.body.style.fontFamily = "sans-serif";
  const add = (tag: "h1" | "h2" | "p", text: string): void => {
    const element = page.createElement(tag);
    element.textContent = text;
    element.dir = "auto";
    element.style.fontSize = { h1: "1.25rem", h2: "0.875rem", p: "1rem" }[tag];
    element.style.margin = { h1: "0 0 1rem", h2: "0.75rem 0 0", p: "0" }[tag];
    element.style.whiteSpace = "pre-wrap";
    page.body.append(element);
  };
  add("h1", titleOf(words, new Date()));
  for (const { head, text } of entriesOf(state, words)) {
    add("h2", head);
    if (text) add("p", text);
  }
  view.addEventListener("afterprint", () => frame.remove(), { once: true });
  view.print();
}

function titleOf(words: Words, now: Date): string {
  return `${words.t.name} – ${words.t.transcript}, ${words.fullTime(now)}`;
}
