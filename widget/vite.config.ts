/** The widget: one script that needs nothing else. */
import { defineConfig } from "vite";
import { outDir } from "./build/out.mjs";

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
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
