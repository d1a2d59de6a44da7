/** Adds the versioned widget, the demonstration pages and the API viewer to what is built, and weighs widget and console. */
import { cp, readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { outDir } from "./out.mjs";
import { addRelease, nameRelease } from "./release.mjs";

/** What one person downloads: the script and the heaviest language table. */
const MAX_WIDGET_GZIP_BYTES = 30 * 1024;
/** All pages of the console together; no page of it may weigh more. */
const MAX_CONSOLE_GZIP_BYTES = 300 * 1000;
const API_VIEWER_FILES = ["swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"];
/** The pages that embed the versioned file. */
const EXAMPLES = ["plain.html", "cms.html"];

const demo = new URL("../demo/", import.meta.url);
const viewer = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

const release = await addRelease();
await cp(demo, outDir("widget/demo"), { recursive: true });
for (const page of EXAMPLES) await nameRelease(outDir(`widget/demo/${page}`), release);
for (const file of API_VIEWER_FILES) await cp(join(viewer, file), outDir(`api-docs/${file}`));

const script = await weigh("widget/kontakt-widget.js");
const tables = await weighAll("widget/strings");
const widget = script + Math.max(...tables);
console.log(`widget: ${script} bytes gzipped, ${widget} with the heaviest of ${tables.length} tables`);
refuseAbove("What one person downloads of the widget", widget, MAX_WIDGET_GZIP_BYTES);

const parts = await weighAll("console/assets");
const weight = parts.reduce((sum, part) => sum + part, 0);
console.log(`console: ${parts.length} files, ${weight} bytes gzipped`);
refuseAbove("The console", weight, MAX_CONSOLE_GZIP_BYTES);

/** @param {string} file */
async function weigh(file) {
  return gzipSync(await readFile(outDir(file))).length;
}

/** @param {string} folder */
async function weighAll(folder) {
  const names = await readdir(outDir(folder));
  return Promise.all(names.map((name) => weigh(`${folder}/${name}`)));
}

/**
 * @param {string} what
 * @param {number} bytes
 * @param {number} most
 */
function refuseAbove(what, bytes, most) {
  if (bytes <= most) return;
  console.error(`${what} may weigh at most ${most} bytes gzipped.`);
  process.exitCode = 1;
}
