import { defineConfig, type UserConfig } from "vite";
import { contentSecurityPolicy } from "./src/web/content-security.ts";

/** The workbench: a page that any web server can serve from any folder. */
const config: UserConfig = defineConfig({
  root: "src/web",
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    license: { fileName: "LICENSES.md" },
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  plugins: [
    {
      name: "content-security-policy",
      apply: "build",
      transformIndexHtml: () => [
        {
          tag: "meta",
          attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy({ embedded: true }) },
          injectTo: "head-prepend",
        },
      ],
    },
  ],
});

export default config;
