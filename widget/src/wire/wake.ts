/** Moments at which a connection that looks alive may be dead: the network or the machine is back. */
const ASLEEP_MS = 30_000;
const TICK_MS = 10_000;

/**
 * Calls `woken` when the network comes back, when the page is shown again after half a minute, and
 * when a timer comes so late that the machine must have slept. Returns what ends the watch.
 */
export function onWake(woken: () => void): () => void {
  let hiddenAt = document.hidden ? performance.now() : null;
  let tickedAt = performance.now();

  function onVisibility(): void {
    if (document.hidden) {
      hiddenAt = performance.now();
    } else {
      if (hiddenAt !== null && performance.now() - hiddenAt > ASLEEP_MS) woken();
      hiddenAt = null;
    }
  }

  function onPageShow(event: PageTransitionEvent): void {
    if (event.persisted) woken();
  }

  function onTick(): void {
    const late = performance.now() - tickedAt > TICK_MS + ASLEEP_MS;
    tickedAt = performance.now();
    if (late && !document.hidden) woken();
  }

  window.addEventListener("online", woken);
  window.addEventListener("pageshow", onPageShow);
  document.addEventListener("visibilitychange", onVisibility);
  const ticking = setInterval(onTick, TICK_MS);
  return () => {
    window.removeEventListener("online", woken);
    window.removeEventListener("pageshow", onPageShow);
    document.removeEventListener("visibilitychange", onVisibility);
    clearInterval(ticking);
  };
}
