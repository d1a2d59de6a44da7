import type { Link } from "./protocol";

const SCHEMES = new Set(["https:", "mailto:", "tel:"]);

/** Returns the links that may be followed: https, mailto and tel. */
export function safeLinks(links: Link[] | undefined): Link[] {
  return (links ?? []).filter(({ url }) => URL.canParse(url) && SCHEMES.has(new URL(url).protocol));
}
