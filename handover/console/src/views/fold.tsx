import type { ComponentChildren } from "preact";

interface Props {
  title: ComponentChildren;
  open?: boolean;
  children: ComponentChildren;
}

/** A part of the aside that can be folded away. */
export function Fold({ title, open = true, children }: Props) {
  return (
    <details class="fold" open={open}>
      <summary>
        <h3>{title}</h3>
      </summary>
      {children}
    </details>
  );
}
