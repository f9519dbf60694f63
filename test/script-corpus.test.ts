import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { KEPT_NAMES } from "../src/cli/host-names.ts";
import { interpreterOf } from "../src/cli/script/interpreter.ts";
import { machineNames } from "../src/cli/machine-names.ts";
import { runRequest, type ToolSettings } from "../src/cli/script/tools.ts";
import { emptyState, type Variant } from "../src/syntax/index.ts";
import { inSandbox, noSandbox } from "./script/sandbox.ts";

/** Scripts, those of the corpus too, once with the machine's own iptables and once with ours, in the same sandbox: what both print, and the rules that come of it. */

const CORPUS = resolve("../shared/corpus/real-script");
const OURS = [
  resolve("test/script/idioms.sh"),
  resolve("test/script/files.sh"),
  resolve("examples/gateway.sh"),
  resolve("examples/init.sh"),
];
const reason = ["iptables-nft", "iptables-legacy", "ipset"].every(name => existsSync(`/usr/sbin/${name}`))
  ? await noSandbox()
  : "iptables or ipset is not installed";
if (reason !== "") console.log(`skipped: scripts with the machine's own tools: ${reason}`);
if (!existsSync(CORPUS)) console.log(`skipped: the scripts of the corpus: there is none at ${CORPUS}`);

const corpus = (existsSync(CORPUS) ? readdirSync(CORPUS, { recursive: true, withFileTypes: true }) : [])
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name));

/** Runs the script and saves both families behind it. */
const WRAP = `"$@"; echo "status $?"; iptables-save; ip6tables-save`;

async function outputs(path: string, args: readonly string[], variant: Variant): Promise<readonly [real: string, ours: string]> {
  const interpreter = interpreterOf(readFileSync(path, "utf8"));
  if (typeof interpreter === "string") throw new Error(interpreter);
  const command = ["/bin/sh", "-c", WRAP, "wrap", ...interpreter.words, path, ...args];
  const folder = dirname(path);
  const settings: ToolSettings = { variant, hosts: { ...KEPT_NAMES, keepNames: false }, names: machineNames() };
  let state = emptyState();
  // Names cannot be resolved in there; that must not take long.
  const env = { RES_OPTIONS: "timeout:1 attempts:1" };
  const all = await Promise.all([
    inSandbox(command, { folder, env, real: variant }),
    inSandbox(command, {
      folder,
      env,
      async answer(request) {
        const answer = await runRequest(request, state, settings, { file: "", line: 0, column: 0 });
        ({ state } = answer);
        return answer.reply;
      },
    }),
  ]);
  const [real = "", ours = ""] = all.map(text => text.replace(/^#.*\n/gm, "").replace(/\[\d+:\d+\]/g, "[0:0]"));
  return [real, ours];
}

describe.runIf(reason === "")("scripts do and say the same with our tools as with the machine's own", () => {
  for (const path of [...OURS, ...corpus]) {
    const asks = /\bcase\b.*\$1|"\$1"/.test(readFileSync(path, "utf8"));
    for (const variant of ["nft", "legacy"] as const)
      for (const args of asks ? [[], ["start"]] : [[]])
        test(`${[relative(".", path), ...args].join(" ")}, ${variant}`, async () => {
          const [real, ours] = await outputs(path, args, variant);
          expect(real).toContain("status ");
          expect(ours).toBe(real);
        });
  }
});
