/** What the pages ask the server for over HTTP; each throws `Refused` with the server's sentence. */
import type {
  Accepted,
  Confirm,
  FaqRollout,
  JudgeAnswer,
  LevelChange,
  ReviewList,
  Rollout,
  SetBounds,
  SetCap,
  SetLevel,
  SetSwitch,
} from "@wire/protocol";
import { get, post } from "../api";

export const findRollout = (): Promise<Rollout> => get("supervision");

/** The changes of one FAQ, or of all, the newest first; `before` is the time of the oldest known. */
export function findChanges(faq: string | null, before: string | null): Promise<LevelChange[]> {
  return get("supervision/changes", { faq, before });
}

export const setLevel = (faq: string, body: SetLevel): Promise<FaqRollout> =>
  post(faqPath(faq, "level"), body);

export const confirmPromotion = (faq: string, body: Confirm): Promise<FaqRollout> =>
  post(faqPath(faq, "promotion"), body);

export const setCap = (faq: string, body: SetCap): Promise<FaqRollout> =>
  post(faqPath(faq, "cap"), body);

export const setBounds = (faq: string, body: SetBounds): Promise<FaqRollout> =>
  post(faqPath(faq, "bounds"), body);

export const setSwitch = (body: SetSwitch): Promise<unknown> => post("supervision/switch", body);

export function findReviews(level: string, limit: number): Promise<ReviewList> {
  return get("reviews", { level: level || null, limit });
}

export const judge = (conversationId: string, body: JudgeAnswer): Promise<Accepted> =>
  post(`reviews/${encodeURIComponent(conversationId)}`, body);

function faqPath(faq: string, what: string): string {
  return `supervision/faqs/${encodeURIComponent(faq)}/${what}`;
}
