/** The plain requests of the wire: opening a conversation, and who is signed in. */
import { isListOf, readFrame } from "./frames";
import type {
  CitizenClose,
  ConversationOpened,
  ErrorFrame,
  NewcomerMenu,
  NewcomerQuestion,
  Notices,
  OpenConversation,
  ShownNotice,
  SignedIn,
  SignedOut,
  SignIn,
  SignInWays,
} from "./protocol";

/** The server understood and said no. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    /** What else the server knows of it. */
    readonly facts: ErrorFrame["facts"] = null,
  ) {
    super(message);
  }
}

export async function openConversation(
  server: string,
  body: OpenConversation,
  signal: AbortSignal,
): Promise<ConversationOpened> {
  const credentials = body.audience === "staff" ? "include" : "omit";
  const init: RequestInit = { ...json(body), credentials, signal };
  const opened: unknown = await request(server, "conversations", init);
  if (!isListOf([opened], "conversation_id", "token")) throw nonsense();
  return opened as ConversationOpened;
}

/**
 * Ends a conversation, also while the page is being left. Nobody waits for the answer: where there is none,
 * the server ends the conversation by its own clock.
 */
export function endConversation(
  server: string,
  { conversation_id, token }: ConversationOpened,
): void {
  const close: CitizenClose = { type: "close", id: crypto.randomUUID() };
  request(server, `conversations/${conversation_id}/commands`, {
    ...json(close),
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    credentials: "omit",
    keepalive: true,
  }).catch(() => undefined);
}

/** Returns what people new in Sweden ask, in their language or the nearest there is. */
export async function fetchNewcomers(
  server: string,
  language: string,
): Promise<NewcomerQuestion[]> {
  const path = `newcomers?language=${encodeURIComponent(language)}`;
  const menu = await request<NewcomerMenu | null>(server, path, { credentials: "omit" });
  const questions = menu?.questions;
  if (questions === undefined || !isListOf(questions, "title", "payload", "language")) throw nonsense();
  return questions;
}

/** Returns what everybody is told of disturbances now, in a language or the nearest there is. */
export async function fetchNotices(server: string, language: string): Promise<ShownNotice[]> {
  const path = `notices?language=${encodeURIComponent(language)}`;
  // The browser's copy may be as old as the pause between two looks.
  const init: RequestInit = { credentials: "omit", cache: "no-cache" };
  const board = await request<Notices | null>(server, path, init);
  if (!isListOf(board?.notices, "id", "text", "language", "severity")) throw nonsense();
  return board?.notices ?? [];
}

export function signIn(server: string, body: SignIn): Promise<SignedIn> {
  return request(server, "session", { ...json(body), credentials: "same-origin" });
}

/** Returns who is signed in, or null. */
export async function findSession(server: string): Promise<SignedIn | null> {
  try {
    return await request<SignedIn>(server, "session", { credentials: "same-origin" });
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return null;
    throw error;
  }
}

/** Returns how one can sign in. */
export function findWays(server: string): Promise<SignInWays> {
  return request(server, "session/ways", { credentials: "same-origin" });
}

/** Returns where the browser goes to sign out at the identity provider too, where there is one. */
export function signOut(server: string): Promise<SignedOut> {
  return request(server, "session", { method: "DELETE", credentials: "same-origin" });
}

/** Returns what makes a request carry `body`. */
export function json(body: object): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

/** Throws `Refused` for a refusal and whatever `fetch` throws when there is no answer. */
export async function request<T>(server: string, path: string, init: RequestInit): Promise<T> {
  const response = await fetch(new URL(`/api/v1/${path}`, server), init);
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const frame = readFrame(body);
  if (frame?.type === "error") throw new Refused(frame.code, frame.message, response.status, frame.facts);
  throw new Refused("internal", "", response.status);
}

/** The answer was well meant and made no sense: something between here and the service is amiss. */
function nonsense(): Refused {
  return new Refused("internal", "", 502);
}
