import { useEffect, useRef, useState } from "preact/hooks";
import { request } from "@wire/http";
import type { KeptNotices, PutUpNotice, Severity } from "@wire/protocol";
import { get, post } from "../api";
import { useLoaded, useSending, type Sending } from "../pages/loaded";
import { can, moment } from "../pages/words";
import type { ConsoleState } from "../state/state";
import { sv } from "../strings/sv";
import { Options } from "./options";

/** As the server has it. */
const MOST_CHARACTERS = 500;
const READ_EVERY_MS = 60_000;
const t = sv.announced;

/** The disturbances that everybody is told of; leads announce them and take them away here. */
export function AnnouncedView({ state }: { state: ConsoleState }) {
  const kept = useLoaded(() => get<KeptNotices>("notices/kept"), []);
  const sending = useSending();
  const may = can(state, "announce");
  useEffect(() => {
    const timer = setInterval(kept.reload, READ_EVERY_MS);
    return () => clearInterval(timer);
  }, [kept.reload]);

  return (
    <section class="announced" aria-label={t.label}>
      <div role="status">
        {kept.value?.notices.map(({ id, texts, severity, from, until, created_by: who }) => (
          <p key={id} class={`banner ${severity}`}>
            <strong>{t.severities[severity]}:</strong> {texts.sv}{" "}
            <small>{t.shown(moment(from), moment(until), who)}</small>{" "}
            {may && (
              <button type="button" onClick={() => void sending.send(() => takeAway(id), kept.reload)}>
                {t.takeAway}
              </button>
            )}
          </p>
        ))}
      </div>
      {may && <Announce sending={sending} onAnnounced={kept.reload} />}
    </section>
  );
}

function Announce({ sending, onAnnounced }: { sending: Sending; onAnnounced(): void }) {
  const fold = useRef<HTMLDetailsElement>(null);
  const [texts, setTexts] = useState({ sv: "", en: "" });
  const [severity, setSeverity] = useState<Severity>("warning");
  const [until, setUntil] = useState("");

  async function announce(): Promise<void> {
    const body: PutUpNotice = {
      id: crypto.randomUUID(),
      texts: texts.en.trim() === "" ? { sv: texts.sv } : texts,
      severity,
      until: new Date(until).toISOString(),
    };
    if (!(await sending.send(() => post("notices", body), onAnnounced))) return;
    setTexts({ sv: "", en: "" });
    fold.current?.removeAttribute("open");
    fold.current?.querySelector("summary")?.focus();
  }

  return (
    <details class="announce" ref={fold}>
      <summary>{t.announce}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void announce();
        }}
      >
        {(["sv", "en"] as const).map((language) => (
          <label key={language}>
            {t.texts[language]}
            <textarea
              lang={language}
              rows={2}
              required={language === "sv"}
              maxLength={MOST_CHARACTERS}
              value={texts[language]}
              onInput={({ currentTarget }) => setTexts({ ...texts, [language]: currentTarget.value })}
            />
          </label>
        ))}
        <label>
          {t.severity}
          <select
            value={severity}
            onChange={({ currentTarget }) => setSeverity(currentTarget.value as Severity)}
          >
            <Options of={t.severities} />
          </select>
        </label>
        <label>
          {t.until}
          <input
            type="datetime-local"
            required
            value={until}
            onInput={({ currentTarget }) => setUntil(currentTarget.value)}
          />
        </label>
        <p role="alert" class="problem">
          {sending.problem}
        </p>
        <button type="submit" class="primary" aria-disabled={sending.busy}>
          {t.announceNow}
        </button>
      </form>
    </details>
  );
}

function takeAway(id: string): Promise<unknown> {
  return request(location.origin, `notices/${encodeURIComponent(id)}`, {
    method: "DELETE",
    credentials: "same-origin",
  });
}
