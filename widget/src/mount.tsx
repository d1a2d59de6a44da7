import { render } from "preact";
import { Chat } from "./chat";
import { readOptions, type MountOptions } from "./options";
import { emptyState, type ChatState } from "./state/state";
import type { Language } from "./strings";
import styles from "./styles/widget.css?inline";
import { Widget } from "./views/widget";

/** What a page holds of the mounted chat. */
export interface Handle {
  open(): void;
  close(): void;
  /** Forgets the conversation of this tab, for instance when somebody signs out. */
  forget(): void;
  /** Removes the chat from the page; the conversation can be taken up again by a new mount. */
  unmount(): void;
}

let current: Handle | null = null;

/** Returns the handle of the chat that is mounted, or null. */
export function mounted(): Handle | null {
  return current;
}

/** Puts the chat on the page; throws when there is one already. */
export function mountOnce(options: MountOptions, scriptOrigin: string | null): Handle {
  if (current !== null) throw new Error("Kontakt is already mounted");
  const settings = readOptions(options, scriptOrigin);
  const host = document.createElement("div");
  host.dataset.kontaktHost = "";
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const chat = new Chat(settings, (state) => follow(state));
  let open = false;
  let owner = emptyState.state;

  function draw(): void {
    const { state } = chat;
    if (open) chat.markSeen();
    render(
      <Widget
        chat={chat}
        state={state}
        language={chat.language}
        open={open}
        unread={countUnread(state, chat.seen)}
        onOpen={() => setOpen(true)}
        onClose={() => setOpen(false)}
        onLanguage={setLanguage}
      />,
      root,
    );
  }

  function follow(state: ChatState): void {
    draw();
    if (state.state === owner) return;
    owner = state.state;
    tell("state", { state: owner });
  }

  function setOpen(next: boolean): void {
    if (next === open) return;
    open = next;
    draw();
    tell(open ? "open" : "close", {});
  }

  function setLanguage(next: Language): void {
    chat.setLanguage(next);
    draw();
  }

  function tell(name: string, detail: object): void {
    host.dispatchEvent(new CustomEvent(`kontakt:${name}`, { detail, bubbles: true }));
  }

  const retryNow = (): void => chat.retryNow();
  window.addEventListener("online", retryNow);
  document.body.append(host);
  draw();
  chat.resume();

  current = {
    open: () => setOpen(true),
    close: () => setOpen(false),
    forget: () => chat.forget(),
    unmount() {
      if (!host.isConnected) return;
      chat.stop();
      window.removeEventListener("online", retryNow);
      render(null, root);
      host.remove();
      current = null;
    },
  };
  return current;
}

function countUnread({ lines }: ChatState, seen: number): number {
  return lines.filter(
    ({ seq, event }) => seq > seen && event.kind === "message" && event.from !== "citizen",
  ).length;
}
