import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { sentenceOf } from "../api";

export interface Loaded<T> {
  /** Null until the first answer; what was read last stays while it is read anew. */
  value: T | null;
  /** Why the last reading failed, or empty. */
  problem: string;
  change(how: (value: T) => T): void;
  reload(): void;
}

/** Reads something from the server, and anew whenever one of `keys` changes; late answers are dropped. */
export function useLoaded<T>(load: () => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState("");
  const turn = useRef(0);

  const reload = useCallback((): void => {
    const mine = ++turn.current;
    const ifLatest = (act: () => void): void => {
      if (mine === turn.current) act();
    };
    load().then(
      (read) =>
        ifLatest(() => {
          setValue(read);
          setProblem("");
        }),
      (error: unknown) => ifLatest(() => setProblem(sentenceOf(error))),
    );
  }, keys);

  useEffect(() => {
    reload();
    return () => void turn.current++;
  }, [reload]);

  const change = useCallback((how: (value: T) => T): void => {
    setValue((now) => (now === null ? null : how(now)));
  }, []);

  return { value, problem, change, reload };
}

export interface Sending {
  busy: boolean;
  /** Why the last one failed, or empty. */
  problem: string;
  /** Sends unless something is being sent; tells whether it went well. */
  send<T>(request: () => Promise<T>, then?: (answer: T) => void): Promise<boolean>;
}

/** One thing at a time is sent to the server; a refusal becomes a sentence. */
export function useSending(): Sending {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const underWay = useRef(false);

  async function send<T>(request: () => Promise<T>, then?: (answer: T) => void): Promise<boolean> {
    if (underWay.current) return false;
    underWay.current = true;
    setBusy(true);
    setProblem("");
    try {
      const answer = await request();
      then?.(answer);
      return true;
    } catch (error) {
      setProblem(sentenceOf(error));
      return false;
    } finally {
      underWay.current = false;
      setBusy(false);
    }
  }

  return { busy, problem, send };
}
