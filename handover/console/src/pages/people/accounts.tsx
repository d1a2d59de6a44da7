import { useState } from "preact/hooks";
import type { AccountView, Role } from "@wire/protocol";
import { pages } from "../../strings/pages";
import { useLoaded, useSending } from "../loaded";
import { Cell, LoadedView, ProblemView, RowHead, SaidView, TableView } from "../parts";
import { endSessions, findAccounts, setDisabled, setRoles } from "../requests";
import { moment } from "../words";
import { ChecksView } from "./checks";
import { PersonForm, useFocusBack } from "./form";

const t = pages.people;
const ROLES = Object.keys(t.roles) as Role[];

/** Who may do what, and who is signed in; what is taken from somebody is gone at once. */
export function AccountsView({ me }: { me: string | undefined }) {
  const accounts = useLoaded(findAccounts, []);
  const [edited, setEdited] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const sending = useSending();
  const section = useFocusBack(edited);

  function keep(changed: AccountView, sentence: string): void {
    accounts.change(({ accounts: all }) => ({
      accounts: all.map((each) => (each.id === changed.id ? changed : each)),
    }));
    setSaid(sentence);
    setEdited(null);
  }

  function change(request: () => Promise<AccountView>, sentence: string): void {
    setSaid("");
    void sending.send(request, (changed) => keep(changed, sentence));
  }

  return (
    <section aria-labelledby="accounts" ref={section}>
      <h3 id="accounts">{t.accounts}</h3>
      <ProblemView sentence={sending.problem} />
      <SaidView sentence={said} />
      <LoadedView of={accounts}>
        {({ accounts: all }) => {
          const one = all.find(({ id }) => id === edited);
          return (
            <>
              <TableView name={t.accounts} columns={t.accountColumns}>
                {all.map((account) => (
                  <AccountRow
                    key={account.id}
                    account={account}
                    isMe={account.id === me}
                    onRoles={() => setEdited(account.id)}
                    onChange={change}
                  />
                ))}
              </TableView>
              {one && (
                <RolesForm
                  key={one.id}
                  account={one}
                  onSaved={(changed) => keep(changed, t.saved(changed.name))}
                  onCancel={() => setEdited(null)}
                />
              )}
            </>
          );
        }}
      </LoadedView>
    </section>
  );
}

interface RowProps {
  account: AccountView;
  isMe: boolean;
  onRoles(): void;
  onChange(request: () => Promise<AccountView>, sentence: string): void;
}

function AccountRow({ account, isMe, onRoles, onChange }: RowProps) {
  const { id, name, username, disabled, sessions, by_provider: byProvider } = account;
  const { accountColumns: columns, about } = t;
  return (
    <tr role="row">
      <RowHead>
        {name}
        <span class="facts">{isMe ? `${username}, ${t.you}` : username}</span>
      </RowHead>
      <Cell label={columns.roles}>
        {account.roles.map((role) => t.roles[role]).join(", ")}
        {byProvider && <span class="facts">{t.byProvider}</span>}
      </Cell>
      <Cell label={columns.sessions}>{disabled ? t.disabled : signedInSentence(account)}</Cell>
      <Cell label={columns.action}>
        <span class="actions">
          {!byProvider && (
            <button
              type="button"
              data-opens={id}
              aria-label={about(t.changeRoles, name)}
              onClick={onRoles}
            >
              {t.changeRoles}
            </button>
          )}
          {sessions > 0 && (
            <button
              type="button"
              aria-label={about(t.endSessions, name)}
              onClick={() => onChange(() => endSessions(id), t.isSignedOut(name))}
            >
              {t.endSessions}
            </button>
          )}
          <button
            type="button"
            aria-label={about(disabled ? t.enable : t.disable, name)}
            onClick={() =>
              onChange(
                () => setDisabled(id, !disabled),
                disabled ? t.isEnabled(name) : t.isDisabled(name),
              )
            }
          >
            {disabled ? t.enable : t.disable}
          </button>
        </span>
      </Cell>
    </tr>
  );
}

function signedInSentence({ sessions, seen_at }: AccountView): string {
  const where = sessions === 0 ? t.notSignedIn : t.signedIn(sessions);
  return seen_at ? `${where}, ${t.seen(moment(seen_at))}` : where;
}

interface RolesProps {
  account: AccountView;
  onSaved(account: AccountView): void;
  onCancel(): void;
}

function RolesForm({ account, onSaved, onCancel }: RolesProps) {
  const [roles, choose] = useState<readonly Role[]>(account.roles);
  const [hindered, setHindered] = useState("");
  const sending = useSending();

  function save(): void {
    if (roles.length === 0) {
      setHindered(t.atLeastOneRole);
      return;
    }
    setHindered("");
    void sending.send(() => setRoles(account.id, roles), onSaved);
  }

  return (
    <PersonForm
      heading={t.rolesOf(account.name)}
      busy={sending.busy}
      problem={hindered || sending.problem}
      onSave={save}
      onCancel={onCancel}
    >
      <ChecksView
        legend={t.accountColumns.roles}
        offered={ROLES}
        chosen={roles}
        nameOf={(role) => t.roles[role]}
        onChoose={choose}
      />
    </PersonForm>
  );
}
