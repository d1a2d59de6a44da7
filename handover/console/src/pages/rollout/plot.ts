/** The charts, drawn by uPlot; this module is fetched when a chart is shown. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { pages } from "../../strings/pages";
import { LEVELS, MOMENT, share } from "../words";
import type { Bar, History } from "./series";

const HISTORY_HEIGHT = 220;
const BAR_HEIGHT = 26;
const AXIS_HEIGHT = 40;
/** Half of the name of the last mark. */
const RIGHT_OF_LAST = 24;
const NAME_WIDTH = 190;
const TICK_SPACE = 90;
const DAY_SECONDS = 86_400;
const DAY = new Intl.DateTimeFormat("sv", { day: "numeric", month: "short" });

export type Draw = (container: HTMLElement) => uPlot;

/** A bar per service: its interval, with a dot at the share. */
export function overview(bars: readonly Bar[]): Draw {
  return (container) => {
    const colours = coloursOf(container);
    return new uPlot(
      {
        ...plain,
        width: container.clientWidth,
        height: bars.length * BAR_HEIGHT + AXIS_HEIGHT,
        padding: [0, RIGHT_OF_LAST, 0, 0],
        scales: {
          x: { time: false, ori: 1, dir: -1, range: [-0.5, bars.length - 0.5] },
          y: { ori: 0, range: [0, 1] },
        },
        axes: [
          {
            ...axis(colours),
            side: 3,
            size: Math.min(NAME_WIDTH, container.clientWidth / 2),
            splits: bars.map((_, index) => index),
            values: bars.map(({ name }) => name),
            grid: { show: false },
          },
          {
            ...axis(colours),
            side: 2,
            size: AXIS_HEIGHT,
            space: TICK_SPACE,
            values: (_, splits) => splits.map(share),
          },
        ],
        series: [
          {},
          {
            paths: () => null,
            points: { show: true, size: 8, fill: colours.accent, stroke: colours.accent },
          },
        ],
        hooks: { drawAxes: [(plot) => drawIntervals(plot, bars, colours.soft)] },
      },
      [bars.map((_, index) => index), bars.map((bar) => bar.share)],
      container,
    );
  };
}

/** The level over time, in steps. */
export function history({ times, steps }: History): Draw {
  return (container) => {
    const colours = coloursOf(container);
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    return new uPlot(
      {
        ...plain,
        width: container.clientWidth,
        height: HISTORY_HEIGHT,
        scales: { y: { range: [-0.25, LEVELS.length - 0.75] } },
        axes: [
          {
            ...axis(colours),
            space: TICK_SPACE,
            values: (_, splits) => namesOf(splits),
          },
          {
            ...axis(colours),
            size: 90,
            splits: LEVELS.map((_, index) => index),
            values: LEVELS.map((level) => pages.rollout.levels[level]),
          },
        ],
        series: [
          {},
          {
            ...(stepped && { paths: stepped }),
            stroke: colours.accent,
            width: 3,
            points: { show: false },
          },
        ],
      },
      [times, steps],
      container,
    );
  };
}

/** The time of day is told where several marks fall on one day. */
function namesOf(splits: readonly number[]): string[] {
  const [first = 0, second = first] = splits;
  const format = second - first < DAY_SECONDS ? MOMENT : DAY;
  return splits.map((at) => format.format(new Date(at * 1_000)));
}

const plain = { legend: { show: false }, cursor: { show: false } } as const;

interface Colours {
  ink: string;
  soft: string;
  line: string;
  accent: string;
  font: string;
}

function axis({ ink, line, font }: Colours): uPlot.Axis {
  return { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
}

/** A canvas knows no style sheets: the colours of the page are read from its element. */
function coloursOf(container: HTMLElement): Colours {
  const style = getComputedStyle(container);
  const named = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: style.color,
    soft: named("--plot-soft"),
    line: named("--plot-line"),
    accent: named("--plot-accent"),
    font: `${style.fontSize} ${style.fontFamily}`,
  };
}

function drawIntervals(plot: uPlot, bars: readonly Bar[], colour: string): void {
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 8 * devicePixelRatio;
  ctx.lineCap = "butt";
  bars.forEach(({ low, high }, index) => {
    const y = plot.valToPos(index, "x", true);
    ctx.beginPath();
    ctx.moveTo(plot.valToPos(low, "y", true), y);
    ctx.lineTo(plot.valToPos(high, "y", true), y);
    ctx.stroke();
  });
  ctx.restore();
}
