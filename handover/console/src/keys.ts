/** Keys for those who work all day at the desk. They never fire while one is writing. */
const KEY = "kontakt.console.shortcuts";

export type KeyMap = Record<string, () => void>;

/** Runs the action of a key, unless a field has the focus or a modifier is held. */
export function runKey(event: KeyboardEvent, keys: KeyMap): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const action = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select, dialog") !== null)
  );
}

/** Whether single keys act; a person who speaks to the machine may want them off. */
export function areShortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function keepShortcuts(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // Blocked storage: the choice lasts as long as the page.
  }
}
