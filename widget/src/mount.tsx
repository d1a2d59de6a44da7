import { render } from "preact";
import { Chat } from "./chat";
import { readOptions, type MountOptions } from "./options";
import { emptyState, type ChatState } from "./state/state";
import { builtIn, languageNames, standInFor, Words, type Language } from "./strings";
import { Dictionary } from "./strings/dictionary";
import styles from "./styles/widget.css?inline";
import { Widget } from "./views/widget";
import { onWake } from "./wire/wake";

/** How long the button waits for its language before it shows in another. */
const PATIENCE_MS = 1_500;

/** What a page holds of the mounted chat. */
export interface Handle {
  open(): void;
  close(): void;
  /** Forgets the conversation of this tab, for instance when somebody signs out. */
  forget(): void;
  /**
   * Ends the conversation at the server, then forgets it, for instance when the next person comes to a public
   * computer. Waits for nothing: a server that cannot be reached ends it by its own clock.
   */
  end(): void;
  /** Removes the chat from the page; the conversation can be taken up again by a new mount. */
  unmount(): void;
}

let current: Handle | null = null;

/** Returns the handle of the chat that is mounted, or null. */
export function mounted(): Handle | null {
  return current;
}

/** Puts the chat on the page; throws when there is one already. `script` is its own address. */
export function mountOnce(options: MountOptions, script: string | null): Handle {
  if (current !== null) throw new Error("Kontakt is already mounted");
  const settings = readOptions(options, script === null ? null : new URL(script).origin);
  const dictionary = new Dictionary(script ?? `${settings.server}/widget/`);
  const host = document.createElement("div");
  host.dataset.kontaktHost = "";
  // Closed where the page is somebody else's: its scripts do not stumble into what is said. On the server's own pages
  // there is nobody to keep out, and tools that look for faults of accessibility see what they are to look at.
  const isOwnPage = settings.server === location.origin;
  const root = host.attachShadow({ mode: isOwnPage ? "open" : "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const chat = new Chat(settings, (state) => follow(state));
  let open = false;
  let owner = emptyState.state;
  /** Null until the first table is there, or has taken too long. */
  let words: Words | null = null;
  let missing: string | null = null;

  function draw(): void {
    if (words === null) return;
    const { state } = chat;
    if (open) chat.markSeen();
    render(
      <Widget
        chat={chat}
        state={state}
        words={words}
        missing={missing}
        open={open}
        unread={countUnread(state, chat.seen)}
        onOpen={() => setOpen(true)}
        onClose={() => setOpen(false)}
        onLanguage={setLanguage}
        onSize={setSize}
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

  function setSize(next: number): void {
    chat.setSize(next);
    draw();
  }

  function setLanguage(next: Language): void {
    chat.setLanguage(next);
    draw();
    void speak();
  }

  /** Goes over to the words of the chosen language once they are here, or says that they are not. */
  async function speak(): Promise<void> {
    const { language } = chat;
    const table = dictionary.find(language) ?? (await dictionary.load(language));
    if (!host.isConnected || chat.language !== language) return;
    const standIn = standInFor(language);
    words = table ? new Words(language, table) : new Words(standIn, builtIn[standIn]);
    missing = table ? null : words.fill(words.t.tableMissing, { language: languageNames[language] });
    draw();
  }

  function tell(name: string, detail: object): void {
    host.dispatchEvent(new CustomEvent(`kontakt:${name}`, { detail, bubbles: true }));
  }

  const impatience = setTimeout(() => {
    const standIn = standInFor(chat.language);
    words ??= new Words(standIn, builtIn[standIn]);
    draw();
  }, PATIENCE_MS);
  const stopWaking = onWake(() => {
    chat.wake();
    if (missing !== null) void speak();
  });
  // Beside the body: what a page does to that (a transform, a filter) does not move the chat.
  document.documentElement.append(host);
  void speak();
  chat.resume();

  current = {
    open: () => setOpen(true),
    close: () => setOpen(false),
    forget: () => {
      chat.forget();
      void speak();
    },
    end: () => {
      chat.end();
      void speak();
    },
    unmount() {
      if (!host.isConnected) return;
      chat.stop();
      stopWaking();
      clearTimeout(impatience);
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
