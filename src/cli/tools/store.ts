import type { Family } from "../../predicate/index.ts";
import { emptyRuleset, type Ruleset } from "../../ruleset/index.ts";
import { printSave, readIpsets, readSave, runIpset, ToolSets, type ToolState, type Variant } from "../../syntax/index.ts";
import { InputFault, usageFault } from "../input-fault.ts";
import { readStoreFile, writeStoreFile } from "./store-file.ts";

/** The files of a store: IPv4 rules in the one that was named, IPv6 rules and sets beside it. */
interface Files {
  readonly v4: string;
  readonly v6: string;
  readonly sets: string;
}

const filesOf = (store: string): Files => ({ v4: store, v6: `${store}.v6`, sets: `${store}.ipset` });

/** What a store held when it was read. */
export interface Stored {
  readonly state: ToolState;
  readonly texts: { readonly v4: string; readonly v6: string; readonly sets: string };
}

/** Reads a store; files that are not there hold nothing. Throws an InputFault with the place of what cannot be read. */
export function readStore(store: string, variant: Variant, now: number): Stored {
  const files = filesOf(store);
  const v4 = readRules(files.v4, 4, variant);
  const v6 = readRules(files.v6, 6, variant);
  const { sets, text } = readSets(files.sets, now);
  return { state: { v4: v4.ruleset, v6: v6.ruleset, sets }, texts: { v4: v4.text, v6: v6.text, sets: text } };
}

function readRules(path: string, family: Family, variant: Variant): { readonly ruleset: Ruleset; readonly text: string } {
  const file = readStoreFile(path);
  if (!file || file.text === "") return { ruleset: emptyRuleset(family), text: "" };
  const { ruleset, faults, ignored } = readSave(file.text, path, { family, variant, keepNames: true });
  const [first] = ignored;
  // What is passed over would be lost when the store is written.
  if (first) throw new InputFault([{ file: path, line: first.line, column: 1, message: `not save text: ${first.reason}` }], file.text);
  if (faults.length || !ruleset) throw new InputFault(faults, file.text);
  return { ruleset, text: file.text };
}

function readSets(path: string, now: number): { readonly sets: ToolSets; readonly text: string } {
  const file = readStoreFile(path);
  const sets = new ToolSets();
  if (!file) return { sets, text: "" };
  // Timeouts went on since the file was written.
  const { faults } = readIpsets(file.text, path, Math.min(now, file.writtenAt * 1000), sets);
  if (faults.length) throw new InputFault(faults, file.text);
  return { sets, text: file.text };
}

/** Writes what has changed since the store was read. Throws an InputFault. */
export function writeStore(store: string, { texts }: Stored, { v4, v6, sets }: ToolState, now: number): void {
  const files = filesOf(store);
  const after = {
    v4: printSave(v4, { counters: true }),
    v6: printSave(v6, { counters: true }),
    sets: sets ? runIpset(sets, ["save"], "", now).stdout : texts.sets,
  };
  // Sets come first, as rules need them.
  for (const part of ["sets", "v4", "v6"] as const) if (after[part] !== texts[part]) writeStoreFile(files[part], after[part]);
}

/** The store's lock file. Throws an InputFault for a folder that is not there. */
export const lockOf = (store: string): string => `${store}.lock`;

/** The fault of a lock that cannot be made. */
export const lockFault = (store: string, reason: string): InputFault => usageFault(lockOf(store), `cannot be locked: ${reason}`);
