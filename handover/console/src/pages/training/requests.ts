/** What the pages of trainings and of the playground ask the server for. */
import type {
  ChangeSetList,
  TrainingFigures,
  TrainingList,
  TrainingView,
  TriedSentence,
  TrySentence,
} from "@wire/protocol";
import { get, post } from "../../api";

const ROOT = "tuning/trainings";

const path = (id: string, rest = ""): string => `${ROOT}/${encodeURIComponent(id)}${rest}`;

export const findTrainings = (): Promise<TrainingList> => get(ROOT);
export const findTraining = (id: string): Promise<TrainingView> => get(path(id));
export const findFigures = (id: string): Promise<TrainingFigures> => get(path(id, "/figures"));
export const findChangeSets = (): Promise<ChangeSetList> => get("tuning/changes");
export const startTraining = (set: string): Promise<TrainingView> => post(ROOT, { change_set: set });
export const cancelTraining = (id: string): Promise<TrainingView> => post(path(id, "/cancel"), {});
export const tableAddress = (id: string, table: string): string =>
  `/api/v1/${path(id, `/tables/${table}`)}`;

export const trySentence = (body: TrySentence): Promise<TriedSentence> =>
  post("tuning/playground", body);
