import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keptFor } from "./chunks.ts";

/** The start of the bundle, with a bundle of one line. */

let folder = "";
const at = (name: string): string => join(folder, name);
const main = (word: string): void => writeFileSync(at("main.cjs"), `(function () { console.log("${word}"); })`);

/** Loads it and keeps, as the build does, what V8 makes of each part. */
const keeping = (): string => `import { writeFileSync } from "node:fs";
import { compiled, keptFor, load } from ${JSON.stringify(pathToFileURL(at("chunks.ts")).href)};
process.on("exit", () => { for (const [file, script] of compiled) writeFileSync(keptFor(file), script.createCachedData()); });
load("main.cjs");`;

/** Runs a program and then, in the same process, what the arguments say: without them the bundle. */
function start(
  before = "",
  ...rest: readonly string[]
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const first = `data:text/javascript,${encodeURIComponent(before)}`;
  const then = rest.length === 0 ? [at("bundled.ts")] : rest;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "--import", first, ...then], { encoding: "utf8" });
  return { status, stdout, stderr };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ferrule-bundled-"));
  for (const name of ["bundled.ts", "chunks.ts"]) copyFileSync(join("src/cli", name), at(name));
  writeFileSync(at("package.json"), '{"type": "module"}');
  main("old");
  expect(start(keeping(), "-e", "")).toEqual({ status: 0, stdout: "old\n", stderr: "" });
  // As long as it was: all that V8 compares of the text.
  main("new");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what V8 made of a part is used by the same Node", () => {
  expect(start()).toEqual({ status: 0, stdout: "old\n", stderr: "" });
});

test.each<[what: string, before: string]>([
  ["another processor", 'Object.defineProperty(process, "arch", { value: "other" })'],
  ["another version", 'Object.defineProperty(process, "version", { value: process.version.replace(/[.][0-9]+$/, ".999") })'],
  ["another program", 'Object.defineProperty(process, "execPath", { value: "package.json" })'],
  ["no program that can be found", 'Object.defineProperty(process, "execPath", { value: "/absent" })'],
  ["other flags", 'import { setFlagsFromString } from "node:v8"; setFlagsFromString("--max-lazy")'],
])("by no Node with %s, which starts as silently", (_what, before) => {
  expect(start(before)).toEqual({ status: 0, stdout: "new\n", stderr: "" });
});

test("what of it is not whole is not used", () => {
  const kept = keptFor(at("main.cjs"));
  truncateSync(kept, readFileSync(kept).length >> 1);
  expect(start()).toEqual({ status: 0, stdout: "new\n", stderr: "" });
});
