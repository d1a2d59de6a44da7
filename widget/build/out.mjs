import { fileURLToPath } from "node:url";
import { resolve } from "node:path";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Returns a place among what is built: under `KONTAKT_WEB_DIST`, by default `dist`.
 *
 * @param {string} part
 */
export function outDir(part) {
  return resolve(root, process.env.KONTAKT_WEB_DIST ?? "dist", part);
}
