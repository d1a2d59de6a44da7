import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { define } from "./build/tables";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here(".."),
  define,
  resolve: { alias: { "@wire": here("src/wire"), "@widget": here("src") } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { include: ["widget/test/**/*.test.{ts,tsx}", "handover/console/test/**/*.test.ts"] },
});
