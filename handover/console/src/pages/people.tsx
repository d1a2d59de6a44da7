import { sv } from "../strings/sv";
import type { PageProps } from "./page";
import { AccountsView } from "./people/accounts";
import { GuidesView } from "./people/guides";
import { can } from "./words";

/** Who works here: what guides take on, for leads, and accounts, for admins. */
export default function PeoplePage({ state }: PageProps) {
  return (
    <main class="page people">
      <h2>{sv.pages.people}</h2>
      {can(state, "keep_guides") && <GuidesView states={state.guides} />}
      {can(state, "keep_accounts") && <AccountsView me={state.guide?.id} />}
    </main>
  );
}
