/** What stands behind a page's own part of the address: `#/inforande/bygglov.avgift` names a FAQ. */
import { useEffect, useState } from "preact/hooks";

/** Returns the second part of an address, or null. */
export function secondPart(hash: string): string | null {
  const second = hash.split("/")[2];
  try {
    return second ? decodeURIComponent(second) : null;
  } catch {
    return null;
  }
}

export function useSecondPart(): string | null {
  const [part, setPart] = useState(() => secondPart(location.hash));
  useEffect(() => {
    const follow = (): void => setPart(secondPart(location.hash));
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return part;
}
