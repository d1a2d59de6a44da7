import type { Desk } from "../desk";
import type { Panel } from "../state/state";
import { sv } from "../strings/sv";
import { Key } from "./key";

interface Props {
  desk: Desk;
  panel: keyof typeof sv.openers;
  /** The key that does the same. */
  of: string;
  open: Panel | null;
}

/** A button that opens a panel, or closes it. */
export function Opener({ desk, panel, of, open }: Props) {
  return (
    <button
      type="button"
      aria-expanded={open === panel}
      aria-keyshortcuts={of}
      onClick={() => desk.open(open === panel ? null : panel)}
    >
      {sv.openers[panel]} <Key of={of} />
    </button>
  );
}
