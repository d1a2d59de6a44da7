/**
 * The hands and eyes of a person in a page of the soak: opens the chat, writes, presses, and tells what stands there.
 *
 * What appears in the transcript is noted the moment it does, so that an order that lasts for a blink is seen too.
 */
(() => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const root = () => document.querySelector("[data-kontakt-host]")?.shadowRoot ?? null;
  const children = () => [...(root()?.querySelector("[role=log]")?.children ?? [])];
  const isRecorded = (one) => one.querySelector("time") !== null;
  let appeared = [];
  let noted = 0;

  function read(one) {
    if (one.classList.contains("turn")) return { who: "turn", text: one.firstChild.textContent };
    const text = one.querySelector(".text").textContent;
    return { who: one.classList[1], text, delivery: one.querySelector(".delivery")?.textContent ?? null };
  }

  function note() {
    const shown = children();
    if (shown.length < noted) noted = 0;
    while (noted < shown.length && isRecorded(shown[noted])) {
      const { who, text } = read(shown[noted]);
      appeared.push({ who, text, at: Date.now() / 1_000, first: noted === 0 });
      noted += 1;
    }
  }

  function conversation() {
    const kept = Object.entries(sessionStorage).find(([name]) => name.endsWith(".conversation"));
    return kept ? JSON.parse(kept[1]).conversation_id : null;
  }

  function button(name) {
    return [...(root()?.querySelectorAll("button") ?? [])].find((one) => one.textContent.trim() === name) ?? null;
  }

  /** Opens the chat; throws where its script has not come. */
  async function open() {
    while (root()?.querySelector(".panel") == null) {
      if (document.readyState === "complete" && root() === null) throw new Error("the chat has not come");
      root()?.querySelector(".launcher")?.click();
      await pause(50);
    }
    new MutationObserver(note).observe(root(), { childList: true, subtree: true });
    note();
  }

  /** Writes and sends; null where there is nowhere to write. */
  async function say(text) {
    const field = root()?.querySelector("#message");
    if (field == null) return null;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await pause(0);
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    await pause(0);
    return { sent: field.value === "", conversation: conversation() };
  }

  /** Presses buttons by their names, one after the other; false where one is not there. */
  async function press(...names) {
    for (const name of names) {
      const found = button(name);
      if (found === null) return false;
      found.click();
      await pause(20);
    }
    return true;
  }

  /** Everything that the person sees, and what has appeared since the last look. */
  function look() {
    note();
    const shown = children();
    const found = {
      lines: shown.filter(isRecorded).map(read),
      pending: shown.filter((one) => !isRecorded(one)).map(read),
      status: root()?.querySelector(".status")?.textContent ?? "",
      problem: root()?.querySelector(".footer [role=alert]")?.textContent ?? "",
      closed: button("Starta en ny chatt") !== null,
      conversation: conversation(),
      appeared,
    };
    appeared = [];
    return found;
  }

  window.soak = { open, say, press, look };
})();
