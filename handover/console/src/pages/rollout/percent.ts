/** Returns the share that a field in percent holds; null for an empty one. */
export function shareOf(percent: string): number | null {
  return percent.trim() === "" ? null : Number(percent.replace(",", ".")) / 100;
}
