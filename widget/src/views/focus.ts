import { useEffect, useRef } from "preact/hooks";

const FULL_SCREEN = "(max-width: 480px)";
const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex='0']";

/** On a phone the panel covers the page. */
export function isFullScreen(): boolean {
  return matchMedia(FULL_SCREEN).matches;
}

/** Lets Tab go round inside `panel`, for when the page behind it cannot be seen. */
export function keepFocusInside(panel: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Tab") return;
  const stops = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)];
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
