/** What the pages ask the server for over HTTP; each throws `Refused` with the server's sentence. */
import { request } from "@wire/http";
import type {
  Accepted,
  AccountList,
  AccountView,
  Confirm,
  FaqRollout,
  GuideProfileList,
  GuideProfileView,
  JudgeAnswer,
  LevelChange,
  ModelList,
  PutModel,
  ReviewList,
  Role,
  RollBack,
  Rollout,
  SetBounds,
  SetCap,
  SetLevel,
  SetSwitch,
  SwitchView,
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

export const findGuides = (): Promise<GuideProfileList> => get("guides");

/** What a guide takes on, but for who it is. */
export type Profile = Omit<GuideProfileView, "id" | "name">;

export const setGuide = (id: string, profile: Profile): Promise<GuideProfileView> =>
  post(`guides/${encodeURIComponent(id)}`, profile);

export const findAccounts = (): Promise<AccountList> => get("accounts");

export const setRoles = (id: string, roles: readonly Role[]): Promise<AccountView> =>
  post(accountPath(id, "roles"), { roles });

export const setDisabled = (id: string, disabled: boolean): Promise<AccountView> =>
  post(accountPath(id, "disabled"), { disabled });

export const endSessions = (id: string): Promise<AccountView> =>
  request(location.origin, accountPath(id, "sessions"), {
    method: "DELETE",
    credentials: "same-origin",
  });

export const findModels = (): Promise<ModelList> => get("tuning/models");

export const putModel = (model: string, body: PutModel): Promise<SwitchView> =>
  post(modelPath(model, "put"), body);

export const rollBackTo = (model: string, body: RollBack): Promise<SwitchView> =>
  post(modelPath(model, "roll_back"), body);

function modelPath(model: string, what: string): string {
  return `tuning/models/${encodeURIComponent(model)}/${what}`;
}

function accountPath(id: string, what: string): string {
  return `accounts/${encodeURIComponent(id)}/${what}`;
}

function faqPath(faq: string, what: string): string {
  return `supervision/faqs/${encodeURIComponent(faq)}/${what}`;
}
