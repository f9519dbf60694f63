/** A script run by itself, and what came of it in words. */
import { chmodSync } from "node:fs";
import { afterAll } from "vitest";
import { KEPT_NAMES } from "../../src/cli/host-names.ts";
import { LIMITS, runScript, type Limits, type ScriptRun } from "../../src/cli/script/index.ts";
import { transcriptLines } from "../../src/cli/script/transcript.ts";
import { defaultNames, printSave } from "../../src/syntax/index.ts";
import { noSandbox, scriptFolder } from "./sandbox.ts";

/** Why there are no sandboxes; empty where there are. */
export const reason: string = await noSandbox();
if (reason !== "") console.log(`skipped: firewall scripts in a sandbox: ${reason}`);

/** The folder of a test file's scripts. */
export const folder: ReturnType<typeof scriptFolder> = scriptFolder();
afterAll(folder.remove);
chmodSync(folder.path, 0o755);

/** Runs a script by itself, with the whole run to look at. */
export async function run(name: string, text: string, limits: Partial<Limits> = {}, args: readonly string[] = []): Promise<ScriptRun> {
  const path = folder.file(name, text);
  return runScript(
    { name, text, place: { folder: folder.path, path }, args },
    { limits: { ...LIMITS, ...limits }, host: undefined, tools: { variant: "nft", hosts: KEPT_NAMES, names: defaultNames } },
  );
}

/** The rules of IPv4 in the words of -S, each behind the line that made it. */
export function rules({ v4 }: Pick<ScriptRun, "v4">): readonly string[] {
  if (!v4) return [];
  const places = [...v4.tables.values()].flatMap(table => [...table.chains.values()].flatMap(chain => chain.rules.map(rule => rule.at)));
  const lines = printSave(v4)
    .split("\n")
    .filter(line => line.startsWith("-A"));
  return lines.map((line, index) => `${places[index]?.file}:${places[index]?.line} ${line}`);
}

/** What the script and its tools said. */
export const said = ({ transcript, place }: ScriptRun, name: string): readonly string[] =>
  transcriptLines(transcript, name, call => `${place(call).file}:${place(call).line}`);
