/** What the page of examples and answers asks the server for; each throws `Refused` with the server's sentence. */
import { Refused, request } from "@wire/http";
import type {
  AddQuestion,
  ChangeSetDetail,
  ChangeSetList,
  ChangeSetView,
  CheckExample,
  ChangeSetDiff,
  EditChangeSet,
  Edited,
  ExampleList,
  FaqAnswers,
  ChangeSetFaults,
  Findings,
  Imported,
  IntentList,
  AnswerPreview,
  PreviewAnswer,
  QuestionList,
} from "@wire/protocol";
import { get, post } from "../../api";

const ROOT = "tuning/changes";

export type AnyEdit = EditChangeSet["edits"][number];

/** What a regression question is of: a FAQ, or what should come of it instead. */
export type QuestionSubject = { faq: string } | { outcome: NonNullable<AddQuestion["outcome"]> };

const path = (set: string, rest: string): string => `${ROOT}/${encodeURIComponent(set)}${rest}`;

export const findSets = (): Promise<ChangeSetList> => get(ROOT);
export const openSet = (title: string): Promise<ChangeSetView> => post(ROOT, { title });
export const findSet = (set: string): Promise<ChangeSetDetail> => get(path(set, ""));
export const abandonSet = (set: string): Promise<ChangeSetView> => post(path(set, "/abandon"), {});
export const catchUp = (set: string): Promise<ChangeSetView> => post(path(set, "/catch-up"), {});
export const checkSet = (set: string): Promise<ChangeSetFaults> => post(path(set, "/check"), {});
export const findDiff = (set: string): Promise<ChangeSetDiff> => get(path(set, "/diff"));
export const patchAddress = (set: string): string => `/api/v1/${path(set, "/patch")}`;
export const findIntents = (set: string): Promise<IntentList> => get(path(set, "/intents"));

export const findExamples = (set: string, intent: string): Promise<ExampleList> =>
  get(path(set, `/intents/${encodeURIComponent(intent)}`));

export const findAnswers = (set: string, faq: string): Promise<FaqAnswers> =>
  get(path(set, `/faqs/${encodeURIComponent(faq)}`));

export const findQuestions = (set: string, of: QuestionSubject): Promise<QuestionList> =>
  get(path(set, `/questions?${new URLSearchParams(of).toString()}`));

export const sendEdits = (set: string, ...edits: [AnyEdit, ...AnyEdit[]]): Promise<Edited> =>
  post(path(set, "/edits"), { edits } satisfies EditChangeSet);

export const findFindings = (set: string, body: CheckExample, signal: AbortSignal): Promise<Findings> =>
  post(path(set, "/findings"), body, signal);

export const findPreview = (set: string, body: PreviewAnswer, signal: AbortSignal): Promise<AnswerPreview> =>
  post(path(set, "/preview"), body, signal);

export function importFile(set: string, file: File): Promise<Imported> {
  const name = encodeURIComponent(file.name);
  return request(location.origin, path(set, `/import?name=${name}`), {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    credentials: "same-origin",
    body: file,
  });
}

/** What a refusal knows besides its sentence. */
export function factOf(error: unknown, name: string): string {
  const fact = error instanceof Refused ? error.facts?.[name] : undefined;
  return fact === undefined ? "" : String(fact);
}

export const isRefusal = (error: unknown, code: string): boolean =>
  error instanceof Refused && error.code === code;
