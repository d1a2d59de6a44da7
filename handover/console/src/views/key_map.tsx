import { useEffect, useRef } from "preact/hooks";
import { sv } from "../strings/sv";

interface Props {
  open: boolean;
  shortcuts: boolean;
  onShortcuts(on: boolean): void;
  onClose(): void;
}

export function KeyMapView({ open, shortcuts, onShortcuts, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby="key-map" onClose={onClose}>
      <h2 id="key-map">{sv.shortcuts}</h2>
      <dl>
        {Object.entries(sv.keys).map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={shortcuts}
          onChange={(event) => onShortcuts(event.currentTarget.checked)}
        />
        {sv.useShortcuts}
      </label>
      <button type="button" class="primary" onClick={onClose}>
        {sv.close}
      </button>
    </dialog>
  );
}
