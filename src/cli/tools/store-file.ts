import { chownSync, closeSync, fchmodSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { usageFault } from "../input-fault.ts";
import { reasonOf } from "../reason.ts";

/** The mode of a store that was not there before. */
const NEW_MODE = 0o600;

/** The text of a store's file and when it was written (ms); undefined for one that is not there. Throws an InputFault. */
export function readStoreFile(path: string): { readonly text: string; readonly writtenAt: number } | undefined {
  try {
    checkPlain(path);
    return { text: readFileSync(path, "utf8"), writtenAt: lstatSync(path).mtimeMs };
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw (fault as Error).name === "InputFault" ? fault : usageFault(path, `cannot be read: ${reasonOf(fault)}`);
  }
}

/** A link would lead the new text to another place than the old one, and a device has no text. */
function checkPlain(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) throw usageFault(path, "is a symbolic link: name the file that it leads to");
  if (!stat.isFile()) throw usageFault(path, "is no file");
}

/** Puts a text in place of a file, whole or not at all: written beside it, brought to the disk, and renamed. Mode and owner stay. Throws an InputFault. */
export function writeStoreFile(path: string, text: string): void {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.new`);
  try {
    const before = statOf(path);
    const file = openSync(beside, "wx", NEW_MODE);
    try {
      const bytes = Buffer.from(text, "utf8");
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      if (before) fchmodSync(file, before.mode & 0o7777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (before && (before.uid !== process.getuid?.() || before.gid !== process.getgid?.())) chownSync(beside, before.uid, before.gid);
    renameSync(beside, path);
    syncFolder(dirname(path));
  } catch (fault) {
    try {
      unlinkSync(beside);
    } catch {
      // It was never made, or is renamed already.
    }
    throw (fault as Error).name === "InputFault" ? fault : usageFault(path, `cannot be written: ${reasonOf(fault)}`);
  }
}

function statOf(path: string): { readonly mode: number; readonly uid: number; readonly gid: number } | undefined {
  try {
    checkPlain(path);
    return lstatSync(path);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fault;
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
