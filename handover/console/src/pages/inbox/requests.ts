/** What the inbox asks the server for; each throws `Refused` with the server's sentence. */
import { json, request } from "@wire/http";
import type {
  HeldTexts,
  InboxFaqs,
  InboxPage,
  LabelledTexts,
  LabelTexts,
  MissContext,
  MissedText,
  ProposedExamples,
} from "@wire/protocol";
import { get, post } from "../../api";

const BASE = "tuning/inbox";

export const findPage = (): Promise<InboxPage> => get(BASE);

export const findFaqs = (): Promise<InboxFaqs> => get(`${BASE}/faqs`);

/** Keeps these texts for oneself, and no others. */
export const hold = (texts: readonly string[]): Promise<HeldTexts> =>
  post(`${BASE}/holds`, { texts });

/** It is sent though the page is closed meanwhile: whoever labelled has seen it done. */
export const sendLabel = (body: LabelTexts): Promise<LabelledTexts> =>
  request(location.origin, `${BASE}/labels`, {
    ...json(body),
    credentials: "same-origin",
    keepalive: true,
  });

export const sendUndo = (id: string): Promise<unknown> =>
  request(location.origin, `${BASE}/labels/${encodeURIComponent(id)}`, {
    method: "DELETE",
    credentials: "same-origin",
  });

export const propose = (): Promise<ProposedExamples> => post(`${BASE}/proposals`, {});

export const findContext = ({ conversation_id, seq }: MissedText): Promise<MissContext> =>
  get(`${BASE}/context/${encodeURIComponent(conversation_id)}/${seq}`);
