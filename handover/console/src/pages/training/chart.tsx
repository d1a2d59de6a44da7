import { percent } from "./numbers";

export interface Point {
  x: number;
  y: number;
  /** How much of all the point stands for, from 0 to 1; none is the plain size. */
  share?: number;
}

interface ChartProps {
  name: string;
  x: string;
  y: string;
  points: readonly Point[];
  /** The highest value of the y axis, at most 1. */
  top: number;
  /** The name of the line on which both are equal, where it is drawn. */
  diagonal?: string;
}

const WIDTH = 420;
const HEIGHT = 260;
const LEFT = 52;
const BOTTOM = 42;
const RIGHT = 28;
const TOP = 12;
const STEPS = [0, 0.25, 0.5, 0.75, 1];
const PLAIN = 2.5;

/** A line through points; whoever does not see it has the table that stands beside it. */
export function ChartView({ name, x, y, points, top, diagonal }: ChartProps) {
  const left = (of: number): number => LEFT + of * (WIDTH - LEFT - RIGHT);
  const up = (of: number): number => HEIGHT - BOTTOM - (of / top) * (HEIGHT - BOTTOM - TOP);
  const line = points.map((point) => `${left(point.x)},${up(point.y)}`).join(" ");
  return (
    <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={name}>
      {STEPS.map((step) => (
        <g key={step} class="grid">
          <line x1={left(step)} x2={left(step)} y1={up(0)} y2={up(top)} />
          <line x1={left(0)} x2={left(1)} y1={up(step * top)} y2={up(step * top)} />
          <text x={left(step)} y={up(0) + 16} text-anchor="middle">
            {percent(step)}
          </text>
          <text x={left(0) - 6} y={up(step * top) + 4} text-anchor="end">
            {percent(step * top)}
          </text>
        </g>
      ))}
      <text x={left(0.5)} y={HEIGHT - 6} text-anchor="middle">
        {x}
      </text>
      <text x={left(0) + 6} y={TOP + 12}>
        {y}
      </text>
      {diagonal && <line class="even" x1={left(0)} y1={up(0)} x2={left(top)} y2={up(top)} />}
      <polyline class="line" points={line} />
      {points.map((point) => (
        <circle
          key={`${point.x} ${point.y}`}
          class="dot"
          cx={left(point.x)}
          cy={up(point.y)}
          r={point.share === undefined ? PLAIN : 3 + 12 * Math.sqrt(point.share)}
        />
      ))}
    </svg>
  );
}
