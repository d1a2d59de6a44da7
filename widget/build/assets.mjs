/** Adds the demonstration page and the API viewer to what is built, and weighs the widget. */
import { cp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { outDir } from "./out.mjs";

const MAX_WIDGET_GZIP_BYTES = 30 * 1024;
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
