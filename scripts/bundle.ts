// Puts the command line into few files, with what V8 makes of them: Node starts them in a fraction of the time that a thousand modules take.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build } from "rolldown";

const FOLDER = "dist/bundle";
/** Commands that between them load the parts that most commands need. What the first one loads keeps what it compiled. */
const REHEARSALS = [
  ["policy", "examples/nat-gateway.rules"],
  ["iptables", "--store", `${FOLDER}/rehearsal.rules`, "-A", "INPUT", "-p", "tcp", "-j", "ACCEPT"],
];

rmSync(FOLDER, { recursive: true, force: true });
const external = ["commander", "yaml", "hono", /^hono\//, "@hono/node-server"];
const shared = { platform: "node", external, logLevel: "warn" } as const;
await build({
  ...shared,
  input: "dist/cli/main.js",
  output: {
    dir: FOLDER,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    // A process reads two megabytes of this: without comments, and without characters that would take two bytes for each.
    comments: false,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
    banner: "(function (exports, require, module, __filename, __dirname) {",
    footer: "})",
  },
});
for (const name of readdirSync(FOLDER))
  if (readFileSync(`${FOLDER}/${name}`).some(byte => byte > 0x7f)) throw new Error(`${name} is read as Latin-1, and has other characters`);
await build({ ...shared, input: { main: "dist/cli/bundled.js", chunks: "dist/cli/chunks.js" }, output: { dir: FOLDER, format: "esm" } });
// V8's work on each part is kept by the first process that loads it.
const chunks = pathToFileURL(`${FOLDER}/chunks.js`).href;
const KEEP = `import { existsSync, writeFileSync } from "node:fs";
import { compiled, keptFor } from ${JSON.stringify(chunks)};
process.on("exit", () => {
  for (const [file, script] of compiled) if (!existsSync(keptFor(file))) writeFileSync(keptFor(file), script.createCachedData());
});`;
for (const words of REHEARSALS)
  execFileSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(KEEP)}`, `${FOLDER}/main.js`, ...words], {
    stdio: ["ignore", "ignore", "inherit"],
  });
rmSync(`${FOLDER}/rehearsal.rules`, { force: true });
