/** An answer as the chat shows it, for a page of the service itself: the chat's own parts and styles, and no chat. */
import { render } from "preact";
import { builtIn, directionOf, findLanguage, standInFor, Words } from "./strings";
import styles from "./styles/widget.css?inline";
import { WordsContext } from "./views/context";
import { MessageView } from "./views/message";
import type { Link, Message } from "./wire/protocol";

export interface PreviewedAnswer {
  text: string;
  links: Link[];
  language: string;
}

/** Draws an answer into a host, in a tree that the page's styles do not reach; returns what takes it away. */
export function drawAnswer(host: HTMLElement, answer: PreviewedAnswer): () => void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  const language = findLanguage(answer.language) ?? "sv";
  const spoken = standInFor(language);
  const message: Message = {
    kind: "message",
    id: "preview",
    from: "bot",
    text: answer.text,
    links: answer.links,
    answer: { service: "", faq: "", language: answer.language },
  };
  const line = { seq: 1, at: new Date().toISOString(), event: message };
  render(
    <WordsContext.Provider value={new Words(spoken, builtIn[spoken])}>
      <div class="widget" lang={spoken} dir={directionOf(language)}>
        <MessageView line={line} message={message} />
      </div>
    </WordsContext.Provider>,
    root,
  );
  return () => render(null, root);
}
