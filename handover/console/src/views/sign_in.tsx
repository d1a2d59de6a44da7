import { useEffect, useState } from "preact/hooks";
import { findWays, Refused, signIn } from "@wire/http";
import type { SignedIn, SignInWays } from "@wire/protocol";
import { sv } from "../strings/sv";

const BY_PROVIDER = "/api/v1/session/oidc?to=console";

interface Props {
  problem: string;
  onSignedIn(who: SignedIn): void;
}

export function SignInView({ problem, onSignedIn }: Props) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [refusal, setRefusal] = useState("");
  const [busy, setBusy] = useState(false);
  // Until it is known, and where it cannot be: with a password.
  const [ways, setWays] = useState<SignInWays>({ password: true, provider: false });

  useEffect(() => {
    findWays(location.origin).then(setWays, () => undefined);
  }, []);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setRefusal("");
    try {
      onSignedIn(await signIn(location.origin, { username, password }));
    } catch (error) {
      setRefusal((error instanceof Refused && error.message) || sv.unreachable);
    } finally {
      setBusy(false);
    }
  }

  return (
    <main class="sign-in">
      <p class="product">{sv.product}</p>
      <h1>{sv.signInHeading}</h1>
      <p>{sv.console}</p>
      {ways.provider && (
        <p>
          <a class="button primary" href={BY_PROVIDER}>
            {sv.signInByProvider}
          </a>
        </p>
      )}
      {ways.password ? (
        <form onSubmit={(event) => void send(event)}>
          <label for="username">{sv.username}</label>
          <input
            id="username"
            autocomplete="username"
            required
            maxLength={64}
            value={username}
            onInput={(event) => setUsername(event.currentTarget.value)}
          />
          <label for="password">{sv.password}</label>
          <input
            id="password"
            type="password"
            autocomplete="current-password"
            required
            maxLength={256}
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          <p role="alert" class="problem">
            {refusal || problem}
          </p>
          <button type="submit" class="primary" aria-disabled={busy}>
            {sv.signIn}
          </button>
        </form>
      ) : (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
    </main>
  );
}
