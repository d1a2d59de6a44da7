import { useEffect, useState } from "preact/hooks";
import { findSession, signOut } from "@wire/http";
import type { SignedIn } from "@wire/protocol";
import { pagesFor } from "./router";
import { sv } from "./strings/sv";
import { forgetTexts } from "./texts";
import { ConsoleView } from "./views/console";
import { SignInView } from "./views/sign_in";

/** Who one is: not known yet, nobody, or somebody. */
type Person = { known: false } | { known: true; who: SignedIn | null; problem: string };

export function App() {
  const [person, setPerson] = useState<Person>({ known: false });
  const become = (who: SignedIn | null, problem = ""): void =>
    setPerson({ known: true, who, problem });

  useEffect(() => {
    findSession(location.origin).then(
      (who) => become(who),
      () => become(null, sv.unreachable),
    );
  }, []);

  async function leave(): Promise<void> {
    try {
      const { provider_url } = await signOut(location.origin);
      forgetTexts();
      if (provider_url) return location.assign(provider_url);
      become(null);
    } catch {
      become(null, sv.unreachable);
    }
  }

  if (!person.known) return <p class="loading">{sv.loading}</p>;
  if (person.who !== null && pagesFor(person.who.rights).length > 0) {
    return (
      <ConsoleView
        key={person.who.id}
        who={person.who}
        onSignOut={() => void leave()}
        onStopped={(sentence) => become(null, sentence)}
      />
    );
  }
  const problem = person.who === null ? person.problem : sv.noPage;
  return <SignInView problem={problem} onSignedIn={(who) => become(who)} />;
}
