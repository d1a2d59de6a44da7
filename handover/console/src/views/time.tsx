import { useEffect, useState } from "preact/hooks";

const TIME_OF_DAY = new Intl.DateTimeFormat("sv", { hour: "2-digit", minute: "2-digit" });

export const DAY_AND_TIME = new Intl.DateTimeFormat("sv", {
  dateStyle: "medium",
  timeStyle: "short",
});

export function Time({ at }: { at: string }) {
  return <time dateTime={at}>{TIME_OF_DAY.format(new Date(at))}</time>;
}

/** Returns this machine's clock, anew every second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Writes a length of time as minutes and seconds, "03:07"; what is negative counts as nothing. */
export function minutesAndSeconds(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const pad = (number: number): string => String(number).padStart(2, "0");
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}
