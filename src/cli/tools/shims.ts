import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { usageFault } from "../input-fault.ts";
import { reasonOf } from "../reason.ts";
import { CALL_NAMES } from "./call.ts";

const MARK = "# Made by ferrule shims.";

/** A word that no shell looks into. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The text of a small program that calls ferrule as one tool, by absolute paths. */
export function shimText(name: string, store: string | undefined): string {
  // Source and built file have the same neighbours.
  const end = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  // The program lies in the folder above this file's, or when it is bundled beside it.
  const above = new URL(`../main${end}`, import.meta.url);
  const main = fileURLToPath(existsSync(above) ? above : new URL(`./main${end}`, import.meta.url));
  const words = [process.execPath, ...process.execArgv, main, name, ...(store === undefined ? [] : ["--store", resolve(store)])];
  return `#!/bin/sh\n${MARK}\nexec ${words.map(quoted).join(" ")} "$@"\n`;
}

/** Makes a program for every tool's name in a folder; what is there and was not made so is left alone. Gives the names. Throws an InputFault. */
export function makeShims(folder: string, store: string | undefined): readonly string[] {
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of CALL_NAMES) checkFree(join(folder, name));
    for (const name of CALL_NAMES) {
      const beside = join(folder, `.${name}.${process.pid}.new`);
      writeFileSync(beside, shimText(name, store), { flag: "wx", mode: 0o755 });
      renameSync(beside, join(folder, name));
    }
  } catch (fault) {
    throw (fault as Error).name === "InputFault" ? fault : usageFault(folder, `cannot be written: ${reasonOf(fault)}`);
  }
  return CALL_NAMES;
}

function checkFree(path: string): void {
  try {
    if (lstatSync(path).isFile() && readFileSync(path, "utf8").includes(MARK)) return;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return;
    throw fault;
  }
  throw usageFault(path, "is there already and is none of ferrule's: nothing was written");
}
