/** What a page may choose when it mounts the chat, checked once. */
import { findLanguage, type Language } from "./strings";
import type { Audience } from "./wire/protocol";

export interface MountOptions {
  /** Origin of the server; by default that of the script, else that of the page. */
  server?: string;
  /** One of the languages in the README; by default the page's own language, else Swedish. */
  language?: string;
  /** Id of the service that the page is about, as in the service catalogue. */
  service?: string;
  /** "staff" for signed-in employees; by default "citizen". */
  audience?: Audience;
}

export interface Settings {
  server: string;
  language: Language;
  service: string | null;
  audience: Audience;
}

/** Throws a `TypeError` that names the option for a value that cannot be used. */
export function readOptions(options: MountOptions, scriptOrigin: string | null): Settings {
  const { service = null, audience = "citizen" } = options;
  if (service !== null && !/^[a-z][a-z0-9_]{0,63}$/.test(service)) {
    throw new TypeError(`Kontakt: service "${service}" is not a service id`);
  }
  if (audience !== "citizen" && audience !== "staff") {
    throw new TypeError(`Kontakt: audience "${String(audience)}" is neither citizen nor staff`);
  }
  return {
    server: readServer(options.server ?? scriptOrigin ?? location.origin),
    language: readLanguage(options.language),
    service,
    audience,
  };
}

function readServer(server: string): string {
  const url = URL.canParse(server, location.href) ? new URL(server, location.href) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new TypeError(`Kontakt: server "${server}" is not a web address`);
  }
  return url.origin;
}

function readLanguage(language: string | undefined): Language {
  if (language === undefined) return findLanguage(document.documentElement.lang) ?? "sv";
  const found = findLanguage(language);
  if (found === null) throw new TypeError(`Kontakt: language "${language}" has no table`);
  return found;
}
