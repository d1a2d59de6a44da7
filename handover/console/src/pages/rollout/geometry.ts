/** Where the marks of an interval's bar stand. */
import type { Bounded } from "../words";

export interface Geometry {
  /** The approved share and its interval; null where nothing is reviewed. */
  interval: { x: number; width: number; share: number } | null;
  target: number | null;
  floor: number | null;
}

/** The narrowest interval that is drawn: a bar of no width says nothing. */
const MIN_WIDTH = 2;

/** Returns the marks on a bar that is `width` wide and shows 0 to 100 %. */
export function geometryOf({ evidence, target, floor }: Bounded, width: number): Geometry {
  const { reviewed, approved, low, high } = evidence;
  return {
    interval:
      reviewed === 0
        ? null
        : { ...spanOf(low * width, high * width, width), share: (approved / reviewed) * width },
    target: target === undefined ? null : target * width,
    floor: floor === undefined ? null : floor * width,
  };
}

function spanOf(from: number, to: number, whole: number): { x: number; width: number } {
  const width = Math.max(MIN_WIDTH, to - from);
  return { x: Math.min(from, whole - width), width };
}
