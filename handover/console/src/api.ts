/** Questions to the server beside the socket; whoever gives up asking aborts. */
import { json, Refused, request } from "@wire/http";
import { sv } from "./strings/sv";

export type Params = Record<string, string | number | null | undefined>;

/** Throws `Refused` for a refusal; parameters that are null are left out. */
export function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  return request<T>(location.origin, withQuery(path, params), {
    credentials: "same-origin",
    ...(signal && { signal }),
  });
}

/** Throws `Refused` for a refusal. */
export function post<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
  return request<T>(location.origin, path, {
    ...json(body),
    credentials: "same-origin",
    ...(signal && { signal }),
  });
}

/** Returns what to tell a person about a question that was not answered. */
export function sentenceOf(error: unknown): string {
  return (error instanceof Refused && error.message) || sv.unreachable;
}

export function wasAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function withQuery(path: string, params: Params): string {
  const given = Object.entries(params).filter(([, value]) => value !== null && value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return query.size > 0 ? `${path}?${query}` : path;
}
