import { constants, type Dirent, type Stats } from "node:fs";
import { lstat, open, readdir, realpath, stat, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import { usageFault } from "../fault.ts";
import { reasonOf } from "../reason.ts";
import type { Place } from "./place.ts";
import { Refusal } from "./refusal.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** The folder whose files the page may list, open and save. */
export interface Root {
  /** Absolute, without links. */
  readonly path: string;
  readonly name: string;
  /** The file system that it is on: others that are mounted below are not entered. */
  readonly device: number;
}

/** Bytes of a file that is opened or saved. */
export const MOST_BYTES: number = 64 << 20;

/** The folder that --root names; an InputFault when there is none. */
export async function rootOf(path: string): Promise<Root> {
  try {
    const real = await realpath(path);
    const found = await stat(real);
    if (!found.isDirectory()) throw new Error("it is no folder");
    return { path: real, name: basename(real) || real, device: found.dev };
  } catch (fault) {
    throw usageFault(path, `cannot be the root: ${reasonOf(fault)}`);
  }
}

/** A folder that is held open, so that nobody can put a link in its place while files in it are looked for. */
export interface Folder {
  /** Where its files are found: through its descriptor where the system has such paths. */
  at(name: string): string;
  readonly handle: FileHandle;
  /** Its entries. */
  entries(): Promise<Dirent[]>;
  close(): Promise<void>;
}

/** Opens a folder under the root, a name at a time and without following a link. Throws a Refusal. */
export async function openFolder(root: Root, folders: readonly string[]): Promise<Folder> {
  let folder = await holding(root.path);
  for (const name of folders) {
    const below = folder.at(name);
    try {
      if ((await lookAt(below, "folder")).dev !== root.device) throw new Refusal("path", "that is another file system");
      const next = await holding(below);
      await folder.close();
      folder = next;
    } catch (fault) {
      await folder.close();
      throw fault instanceof Refusal ? fault : refusalOf(fault);
    }
  }
  return folder;
}

async function holding(path: string): Promise<Folder> {
  const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const base = process.platform === "linux" ? `/proc/self/fd/${handle.fd}` : path;
  return {
    at: name => join(base, name),
    handle,
    entries: () => readdir(`${base}/.`, { withFileTypes: true }),
    close: () => handle.close(),
  };
}

/** What is at a path, links not followed: refused unless it is what it must be. */
async function lookAt(path: string, wanted: "folder" | "file"): Promise<Stats> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) throw new Refusal("path", "links are not followed");
  if (wanted === "folder" ? !found.isDirectory() : !found.isFile()) throw new Refusal("path", `that is no ${wanted}`);
  return found;
}

/** What is in a file, and its mode and owner. */
export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly stats: Stats;
}

/** Reads a plain file in a folder, at most `most` bytes of it; undefined when there is none. Throws a Refusal for links and all that is no file. */
export async function readPlain(folder: Folder, name: string, most: number = MOST_BYTES): Promise<Content | undefined> {
  const path = folder.at(name);
  let handle: FileHandle | undefined;
  try {
    await lookAt(path, "file");
    // Between the two looks it may have become a link or a pipe: neither is followed or waited for.
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Refusal("path", "that is no file");
    const bytes = new Uint8Array(Math.min(stats.size, most));
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await handle.read(bytes, read, bytes.length - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return { bytes: bytes.subarray(0, read), stats };
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw refusalOf(fault);
  } finally {
    await handle?.close();
  }
}

/** Does something in a place's folder, which is closed afterwards. */
export async function within<T>(root: Root, place: Place, act: (folder: Folder) => Promise<T>): Promise<T> {
  const folder = await openFolder(root, place.folders);
  try {
    return await act(folder);
  } finally {
    await folder.close();
  }
}

/** A Refusal for what the system said. */
export function refusalOf(fault: unknown): Refusal {
  if (fault instanceof Refusal) return fault;
  const { code = "" } = fault as NodeJS.ErrnoException;
  if (code === "ELOOP") return new Refusal("path", "links are not followed");
  if (code === "ENOENT") return new Refusal("not-found", "there is no such file");
  if (code === "ENOTDIR" || code === "EISDIR" || code === "ENAMETOOLONG") return new Refusal("path", "no file can have this path");
  return new Refusal("disk", code === "" ? "the file cannot be used" : reasonOf(fault));
}
