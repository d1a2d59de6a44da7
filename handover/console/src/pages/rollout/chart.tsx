import { useEffect, useRef, useState } from "preact/hooks";
import { sv } from "../../strings/sv";
import type { Draw } from "./plot";

interface Props {
  /** What the chart shows and where the same stands in text. */
  name: string;
  /** Fetches the drawing code and returns what draws. */
  draw(plot: typeof import("./plot")): Draw;
  keys: readonly unknown[];
}

/** A chart that keeps to the width and the colours of its page. */
export function ChartView({ name, draw, keys }: Props) {
  const container = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    let stop: (() => void) | null = null;
    let left = false;
    import("./plot").then(
      (plot) => {
        if (!left && container.current) stop = keepDrawn(container.current, draw(plot));
      },
      () => setFailed(true),
    );
    return () => {
      left = true;
      stop?.();
    };
  }, keys);

  if (failed) return <p class="problem">{sv.pageMissing}</p>;
  return <div ref={container} class="plot" role="img" aria-label={name} />;
}

/** Draws, and anew when the width or the colours change; returns what takes it away. */
function keepDrawn(container: HTMLElement, draw: Draw): () => void {
  let plot = draw(container);
  const redraw = (): void => {
    plot.destroy();
    plot = draw(container);
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let width = container.clientWidth;
  const resized = new ResizeObserver(() => {
    if (container.clientWidth === width) return;
    width = container.clientWidth;
    redraw();
  });
  dark.addEventListener("change", redraw);
  resized.observe(container);
  return () => {
    dark.removeEventListener("change", redraw);
    resized.disconnect();
    plot.destroy();
  };
}
