/**
 * What makes the portal's pages nicer where scripts run; every page does its work without it.
 *
 * @typedef {{ open(): void, end(): void, unmount(): void }} Chat
 * @typedef {Window & { Kontakt?: { mounted(): Chat | null } }} WithChat
 */

const WARNING_SECONDS = 20;
const TYPING_PAUSE_MS = 250;
const LEAST_CHARACTERS = 2;
const RETRY_MS = 5_000;
const ACTIVITY = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

/** The chat, where its script has run by now and could be had. */
function findChat() {
  return /** @type {WithChat} */ (window).Kontakt?.mounted() ?? null;
}

/** "Ask about this" opens the chat; without one it leads to the ways of contact. */
function openChatOnDemand() {
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const chat = target.closest("[data-chat]") && findChat();
    if (!chat) return;
    event.preventDefault();
    chat.open();
  });
}

/** An answer that is linked to is shown, also by browsers that do not open it themselves. */
function revealAnswer() {
  const target = document.getElementById(location.hash.slice(1));
  const around = target?.closest("details") ?? null;
  if (around === null || around.open) return;
  around.open = true;
  target?.scrollIntoView();
}

/** Paper shows what is folded. */
function unfoldForPrint() {
  /** @type {HTMLDetailsElement[]} */
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("main details")].map((one) => /** @type {HTMLDetailsElement} */ (one));
    unfolded = unfolded.filter((one) => !one.open);
    for (const one of unfolded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of unfolded) one.open = false;
  });
}

/** Shows hits while somebody types, and says how many there are once the typing pauses. */
function searchAsOneTypes() {
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector("input[data-hits]"));
  const count = document.getElementById("search-count");
  const hits = document.getElementById("search-hits");
  if (input === null || count === null || hits === null) return;
  const address = new URL(input.dataset.hits ?? "", location.href);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asking = new AbortController();

  async function ask() {
    const words = input?.value.trim() ?? "";
    asking.abort();
    if (words.length < LEAST_CHARACTERS) {
      count?.replaceChildren();
      hits?.replaceChildren();
      return;
    }
    asking = new AbortController();
    address.searchParams.set("q", words);
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
      hits?.replaceChildren(...(found?.childNodes ?? []));
      count?.replaceChildren(found?.getAttribute("data-count") ?? "");
    } catch {
      // Asked anew meanwhile, or no connection: the form itself still works.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, TYPING_PAUSE_MS);
  });
}

/**
 * A visit to a public computer ends by itself when nobody is there any more, and leaves nothing behind: no chat that
 * goes on, nothing of what it kept, no way back through the history, which therefore never grows. Where the server
 * cannot be reached, what was on the page is gone all the same, and the next visit begins as soon as it can.
 *
 * @param {string} end Where the next visit begins.
 * @param {number} idleSeconds
 */
function watchVisit(end, idleSeconds) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("idle-warning"));
  const text = /** @type {HTMLElement} */ (document.getElementById("idle-text"));
  const warnedSeconds = Math.min(WARNING_SECONDS, idleSeconds / 2);
  let begun = location.pathname !== end;
  let seen = now();

  // The one clock may stand still while the computer sleeps, the other may be set back.
  function now() {
    return { steady: performance.now(), wall: Date.now() };
  }

  function idle() {
    const { steady, wall } = now();
    return Math.max(steady - seen.steady, wall - seen.wall) / 1000;
  }

  function stay() {
    begun = true;
    seen = now();
    if (dialog.open) dialog.close();
  }

  function finish() {
    clearInterval(watch);
    const chat = findChat();
    chat?.end();
    chat?.unmount();
    try {
      sessionStorage.clear();
      localStorage.clear();
    } catch {
      // Where storage is blocked, nothing was kept.
    }
    const away = document.createElement("p");
    away.className = "note";
    away.setAttribute("role", "status");
    document.body.replaceChildren(away);
    void leave(away);
  }

  /** @param {HTMLElement} away Says why, as long as the first page does not come. */
  async function leave(away) {
    try {
      await fetch(end, { cache: "no-store" });
      location.replace(end);
    } catch {
      away.textContent = text.dataset.away ?? "";
      setTimeout(() => void leave(away), RETRY_MS);
    }
  }

  function look() {
    const left = idleSeconds - idle();
    if (!begun || left > warnedSeconds) return;
    if (left <= 0) {
      finish();
      return;
    }
    text.textContent = (text.dataset.text ?? "").replace("#", String(Math.ceil(left)));
    if (!dialog.open) dialog.showModal();
  }

  const watch = setInterval(look, 500);
  for (const kind of ACTIVITY) {
    document.addEventListener(kind, () => dialog.open || stay(), { capture: true, passive: true });
  }
  dialog.querySelector("button")?.addEventListener("click", stay);
  dialog.addEventListener("cancel", stay);

  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[href]");
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
    if (link.origin !== location.origin) return;
    event.preventDefault();
    if (link.hasAttribute("data-end-visit")) finish();
    else location.replace(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    const query = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    location.replace(`${form.action}?${new URLSearchParams(query)}`);
  });
}

const { end, idle } = document.documentElement.dataset;
openChatOnDemand();
unfoldForPrint();
searchAsOneTypes();
revealAnswer();
addEventListener("hashchange", revealAnswer);
if (end !== undefined) watchVisit(end, Number(idle));
