// Puts the command line into few files, with what V8 makes of them: Node starts them in a fraction of the time that a thousand modules take.
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "rolldown";

const FOLDER = "dist/bundle";
const STORE = `${FOLDER}/rehearsal.rules`;
const RULES = "examples/nat-gateway.rules";
/** Commands that between them load the parts that most commands need. What the first one loads keeps what it compiled. */
const REHEARSALS = [
  ["policy", RULES],
  ["iptables", "--store", STORE, "-A", "INPUT", "-p", "tcp", "-j", "ACCEPT"],
  ["show", RULES],
  ["trace", RULES, "tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0"],
  ["query", RULES, "from any to self tcp 22"],
  ["diff", RULES, "examples/web-stateful.rules"],
  ["lint", RULES],
  ["--help"],
];

rmSync(FOLDER, { recursive: true, force: true });
const shared = { platform: "node", logLevel: "warn" } as const;
const { output } = await build({
  ...shared,
  // The tools' part is named so that what it needs can be told from what only other commands need.
  input: { main: "dist/cli/main.js", tools: "dist/cli/tools/run.js" },
  output: {
    dir: FOLDER,
    format: "cjs",
    dynamicImportInCjs: false,
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    // What several commands need is in few parts: to open one takes longer than to load a little too much.
    codeSplitting: {
      groups: [
        { name: "commander", test: /node_modules.commander/, priority: 3 },
        { name: "rules", tags: ["$initial"], minShareCount: 2, priority: 2 },
        { name: "commands", minShareCount: 10, priority: 1 },
        { name: "analysis", minShareCount: 3 },
      ],
    },
    // A process reads two megabytes of this: without comments, and without characters that would take two bytes for each.
    comments: false,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
    banner: "(function (exports, require, module, __filename, __dirname) {",
    footer: "})",
  },
});
for (const name of readdirSync(FOLDER))
  if (readFileSync(`${FOLDER}/${name}`).some(byte => byte > 0x7f)) throw new Error(`${name} is read as Latin-1, and has other characters`);
writeFileSync(`${FOLDER}/LICENSES.txt`, licences(output.flatMap(part => (part.type === "chunk" ? part.moduleIds : []))));
// Node starts a program of the old kind of modules sooner. Alone, the loader is for the rehearsals.
for (const [name, file] of [
  ["main", "bundled"],
  ["chunks", "chunks"],
] as const)
  await build({ ...shared, input: { [name]: `dist/cli/${file}.js` }, output: { dir: FOLDER, format: "cjs" } });
// npm makes it a program when it installs; who builds again has it as one too.
chmodSync(`${FOLDER}/main.js`, 0o755);
writeFileSync(`${FOLDER}/package.json`, '{ "type": "commonjs" }\n');
// V8's work on each part is kept by the first process that loads it.
const REHEARSE = `const { existsSync, writeFileSync } = require("node:fs");
const { compiled, keptFor, load } = require("./${FOLDER}/chunks.js");
process.on("exit", () => {
  for (const [file, script] of compiled) if (!existsSync(keptFor(file))) writeFileSync(keptFor(file), script.createCachedData());
});
load("main.cjs");`;
for (const words of REHEARSALS) {
  const { status } = spawnSync(process.execPath, ["-e", REHEARSE, "--", "ferrule", ...words], { stdio: ["ignore", "ignore", "inherit"] });
  if (status === null || status === 2) throw new Error(`${words[0]} ended with status ${status}`);
}
for (const needless of [STORE, `${FOLDER}/chunks.js`]) rmSync(needless, { force: true });

/** The licences of the libraries that have files among these: they travel with what was taken in. */
function licences(files: readonly string[]): string {
  const libraries = new Set(files.flatMap(file => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  return [...libraries]
    .toSorted()
    .map(folder => {
      const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as {
        readonly name: string;
        readonly version: string;
      };
      return `${name} ${version}\n\n${readFileSync(`${folder}/LICENSE`, "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
