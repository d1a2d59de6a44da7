import { useEffect, useRef, useState } from "preact/hooks";
import type { TargetedKeyboardEvent } from "preact";

const FULL_SCREEN = "(max-width: 480px)";
const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex='0']";

/** Whether the panel covers the page, as on a phone or when somebody zooms in. */
export function useFullScreen(): boolean {
  const [covers, setCovers] = useState(() => matchMedia(FULL_SCREEN).matches);
  useEffect(() => {
    const screen = matchMedia(FULL_SCREEN);
    const follow = (): void => setCovers(screen.matches);
    screen.addEventListener("change", follow);
    return () => screen.removeEventListener("change", follow);
  }, []);
  return covers;
}

/** Lets Tab go round inside the panel that hears of it, for when the page behind it cannot be seen. */
export function keepFocusInside(event: TargetedKeyboardEvent<HTMLElement>): void {
  if (event.key !== "Tab") return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (event.target !== from) return;
  event.preventDefault();
  to?.focus();
}

/**
 * The element takes the focus when it appears in place of what had it, but never from the page
 * around the chat.
 */
export function useFocusOnArrival() {
  const element = useRef<HTMLParagraphElement & HTMLHeadingElement>(null);
  useEffect(() => {
    const active = document.activeElement;
    const root = element.current?.getRootNode();
    const here = root instanceof ShadowRoot && active === root.host;
    if (active === null || active === document.body || here) element.current?.focus();
  }, []);
  return element;
}
