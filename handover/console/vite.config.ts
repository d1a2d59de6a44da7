/** The guides' console: a page of its own under /console/. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { outDir } from "../../widget/build/out.mjs";

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  publicDir: false,
  resolve: {
    alias: {
      "@wire": fileURLToPath(new URL("../../widget/src/wire", import.meta.url)),
      "@widget": fileURLToPath(new URL("../../widget/src", import.meta.url)),
    },
  },
  build: {
    outDir: outDir("console"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // A strict content policy allows no data: addresses.
    assetsInlineLimit: 0,
  },
});
