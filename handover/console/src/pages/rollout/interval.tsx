import { evidenceSentence, type Bounded } from "../words";
import { geometryOf } from "./geometry";

const WIDTH = 160;
const HEIGHT = 20;
const MIDDLE = HEIGHT / 2;

/** A small bar from 0 to 100 %: the interval, the share in it, a mark for the target and one for the floor. */
export function IntervalView({ of }: { of: Bounded }) {
  const { interval, target, floor } = geometryOf(of, WIDTH);
  return (
    <svg
      class="interval"
      role="img"
      aria-label={evidenceSentence(of)}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
    >
      <rect class="rail" x={0} y={MIDDLE - 1} width={WIDTH} height={2} />
      {floor !== null && <line class="floor" x1={floor} x2={floor} y1={2} y2={HEIGHT - 2} />}
      {target !== null && <line class="target" x1={target} x2={target} y1={0} y2={HEIGHT} />}
      {interval && (
        <>
          <rect class="span" x={interval.x} y={MIDDLE - 4} width={interval.width} height={8} rx={2} />
          <circle class="share" cx={interval.share} cy={MIDDLE} r={3} />
        </>
      )}
    </svg>
  );
}
