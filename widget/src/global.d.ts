/** What the script leaves on a page that loads it. */
export {};

declare global {
  const Kontakt: typeof import("./index");
}
