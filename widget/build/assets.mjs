/** Adds the demonstration page and the API viewer to what is built, and weighs widget and console. */
import { cp, readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { outDir } from "./out.mjs";

const MAX_WIDGET_GZIP_BYTES = 30 * 1024;
/** All pages of the console together; no page of it may weigh more. */
const MAX_CONSOLE_GZIP_BYTES = 300 * 1000;
const API_VIEWER_FILES = ["swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"];

const demo = new URL("../demo/", import.meta.url);
const viewer = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

await cp(demo, outDir("widget/demo"), { recursive: true });
for (const file of API_VIEWER_FILES) await cp(join(viewer, file), outDir(`api-docs/${file}`));

const script = await readFile(outDir("widget/kontakt-widget.js"));
const size = gzipSync(script).length;
console.log(`kontakt-widget.js: ${script.length} bytes, ${size} gzipped`);
if (size > MAX_WIDGET_GZIP_BYTES) {
  console.error(`The widget may weigh at most ${MAX_WIDGET_GZIP_BYTES} bytes gzipped.`);
  process.exitCode = 1;
}

const assets = await readdir(outDir("console/assets"));
const parts = await Promise.all(assets.map((name) => readFile(outDir(`console/assets/${name}`))));
const weight = parts.reduce((sum, part) => sum + gzipSync(part).length, 0);
console.log(`console: ${parts.length} files, ${weight} bytes gzipped`);
if (weight > MAX_CONSOLE_GZIP_BYTES) {
  console.error(`The console may weigh at most ${MAX_CONSOLE_GZIP_BYTES} bytes gzipped.`);
  process.exitCode = 1;
}
