// Puts the command line into few files: Node starts them in a quarter of the time that a thousand modules take.
import { rmSync } from "node:fs";
import { build } from "rolldown";

rmSync("dist/bundle", { recursive: true, force: true });
await build({
  input: "dist/cli/main.js",
  platform: "node",
  external: ["commander", "yaml", "hono", /^hono\//, "@hono/node-server"],
  output: { dir: "dist/bundle", format: "esm" },
  logLevel: "warn",
});
