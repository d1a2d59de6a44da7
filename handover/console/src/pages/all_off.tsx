import type { LevelChange } from "@wire/protocol";
import { pages } from "../strings/pages";
import type { ConsoleState } from "../state/state";
import { useLoaded } from "./loaded";
import { findChanges } from "./requests";
import { can, changedBy, moment } from "./words";

/** Tells that the assistant is switched off; those who may know, since when and by whom. */
export function AllOffView({ state }: { state: ConsoleState }) {
  if (can(state, "read_rollout")) return <Told revision={state.revision} />;
  return <p class="banner all-off">{pages.allOff.banner}</p>;
}

/** Nothing is said until it is known who did it, or that this is not to be had: it is read out once. */
function Told({ revision }: { revision: number }) {
  const { value, problem } = useLoaded(() => findChanges(null, null), [revision]);
  if (value === null && problem === "") return null;
  const last = value?.find(({ action }) => action === "all_off");
  return <p class="banner all-off">{last ? sentenceOf(last) : pages.allOff.banner}</p>;
}

function sentenceOf(change: LevelChange): string {
  const { bannerSince, because } = pages.allOff;
  const since = bannerSince(moment(change.at), changedBy(change));
  return change.why === "" ? since : `${since} ${because(change.why)}`;
}
