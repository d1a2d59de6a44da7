/** Numbers as they are read: shares in percent with a decimal, p with three. */

const PERCENT = new Intl.NumberFormat("sv", { style: "percent", maximumFractionDigits: 1 });
const SMALL = new Intl.NumberFormat("sv", { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const SIGNED = new Intl.NumberFormat("sv", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: "exceptZero",
});

export const percent = (share: number | null): string => (share === null ? "–" : PERCENT.format(share));
export const decimal = (of: number): string => SMALL.format(of);
export const gain = (of: number): string => SIGNED.format(of);

/** A part of a whole with its share, "92 av 100 (92 %)"; nothing of nothing is a dash. */
export function partOf(part: number, whole: number): string {
  return whole === 0 ? "–" : `${part} av ${whole} (${PERCENT.format(part / whole)})`;
}
