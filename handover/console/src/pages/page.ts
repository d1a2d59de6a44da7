import type { FunctionComponent } from "preact";
import type { Desk } from "../desk";
import type { ConsoleState } from "../state/state";

/** What each page beside the desk is given; `state.guide` is who is signed in. */
export interface PageProps {
  state: ConsoleState;
  desk: Desk;
}

/** A page beside the desk: the default export of its module. */
export type Page = FunctionComponent<PageProps>;
