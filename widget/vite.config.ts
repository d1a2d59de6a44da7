/** The widget: one script, and beside it a table for each language that is not built in. */
import { defineConfig, type Plugin } from "vite";
import { outDir } from "./build/out.mjs";
import { define, tableFiles } from "./build/tables";

const languageTables: Plugin = {
  name: "language-tables",
  generateBundle() {
    for (const { name, source } of tableFiles) {
      this.emitFile({ type: "asset", fileName: `strings/${name}`, source });
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  define,
  plugins: [languageTables],
  build: {
    outDir: outDir("widget"),
    emptyOutDir: true,
    target: "es2022",
    reportCompressedSize: false,
    lib: {
      entry: "src/index.ts",
      name: "Kontakt",
      formats: ["iife"],
      fileName: () => "kontakt-widget.js",
    },
  },
});
