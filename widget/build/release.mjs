/** The versioned copy of the script, which pages may keep for ever, and its integrity hash. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { outDir } from "./out.mjs";

const root = new URL("../../", import.meta.url);

/** Writes the copy under a name that changes with what it holds, and `release.json` that tells of it. */
export async function addRelease() {
  const script = await readFile(outDir("widget/kontakt-widget.js"));
  const { version } = JSON.parse(await readFile(new URL("package.json", root), "utf8"));
  const hash = createHash("sha256").update(script).digest("hex").slice(0, 12);
  const integrity = `sha384-${createHash("sha384").update(script).digest("base64")}`;
  const release = { version, file: `kontakt-widget-${version}-${hash}.js`, integrity };
  await writeFile(outDir(`widget/${release.file}`), script);
  await writeFile(outDir("widget/release.json"), JSON.stringify(release, null, 2) + "\n");
  return release;
}

/**
 * Names the copy in a page that embeds it.
 *
 * @param {string} page
 * @param {{ file: string, integrity: string }} release
 */
export async function nameRelease(page, { file, integrity }) {
  const text = await readFile(page, "utf8");
  await writeFile(page, text.replaceAll("{{file}}", file).replaceAll("{{integrity}}", integrity));
}
