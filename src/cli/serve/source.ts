import { statSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { readText } from "../input.ts";
import { Refusal } from "./refusal.ts";
import { readFileAt } from "./root-files.ts";
import type { Root } from "./root.ts";

/** One text of a document. */
export interface Source {
  readonly text: string;
  /** For one that can be saved: its path under the root, and the hash of what was read. */
  readonly place?: { readonly path: string; readonly hash: string };
  /** Why it cannot be, although it lies under the root. */
  readonly note?: string;
}

/** Is it a file that can be read again? Standard input and pipes cannot. */
export function isPlainFile(file: string): boolean {
  try {
    return file !== "-" && statSync(file).isFile();
  } catch {
    return true;
  }
}

/** Reads files of the command line, or standard input for `-`; what can be read only once is kept. The reader throws an InputFault. */
export function sourceReader(root: Root | undefined): (file: string) => Promise<Source> {
  const kept = new Map<string, Promise<Source>>();
  return file => {
    const known = kept.get(file);
    if (known) return known;
    const source = readSource(file, root);
    if (!isPlainFile(file)) kept.set(file, source);
    return source;
  };
}

async function readSource(file: string, root: Root | undefined): Promise<Source> {
  const path = root && (await pathUnder(root, file));
  if (root === undefined || path === undefined) return { text: await readText(file) };
  try {
    const { text, hash, readOnly } = await readFileAt(root, path);
    return readOnly === null ? { text, place: { path, hash } } : { text, note: `${path} cannot be saved: ${readOnly}` };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return { text: await readText(file), note: `${path} cannot be saved: ${fault.message}` };
  }
}

/** Where a file lies under the root, links resolved; undefined for one that lies elsewhere. */
async function pathUnder(root: Root, file: string): Promise<string | undefined> {
  if (file === "-") return undefined;
  try {
    const path = relative(root.path, await realpath(file));
    return path === "" || path === ".." || path.startsWith(`..${sep}`) ? undefined : path.split(sep).join("/");
  } catch {
    return undefined;
  }
}
