/** Keys for those who work all day at the desk. They never fire while one is writing. */
export type KeyMap = Record<string, () => void>;

/** Keys that only move, and go on while they are held down; what is done is done once. */
const MOVES = new Set(["j", "k"]);

/** Runs the action of a key, unless a field has the focus or a modifier is held. */
export function runKey(event: KeyboardEvent, keys: KeyMap): void {
  if (event.repeat && !MOVES.has(event.key)) return;
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
