import { constants, type Dirent, type Stats } from "node:fs";
import { access, lstat, open, opendir, realpath, stat, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import { usageFault } from "../fault.ts";
import { reasonOf } from "../reason.ts";
import type { Place } from "./place.ts";
import { Refusal } from "./refusal.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, R_OK, X_OK } = constants;

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
    await access(real, R_OK | X_OK);
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
  /** Its first entries, in no order. */
  entries(most: number): Promise<Dirent[]>;
  close(): Promise<void>;
}

/** Opens a folder under the root, a name at a time and without following a link. Throws a Refusal. */
export async function openFolder(root: Root, folders: readonly string[]): Promise<Folder> {
  let folder = await openRoot(root);
  try {
    for (const name of folders) {
      const below = folder.at(name);
      if ((await lookAt(below, "folder")).dev !== root.device) throw new Refusal("path", "that is another file system");
      const next = await holding(below);
      await folder.close();
      folder = next;
    }
    return folder;
  } catch (fault) {
    await folder.close();
    throw refusalOf(fault);
  }
}

/** The root's folder may go away, or another come in its place, while it is served. */
async function openRoot({ path, name }: Root): Promise<Folder> {
  try {
    return await holding(path);
  } catch (fault) {
    const gone = ["ENOENT", "ENOTDIR", "ELOOP"].includes((fault as NodeJS.ErrnoException).code ?? "");
    throw gone ? new Refusal("not-found", `the folder ${name} is gone`) : refusalOf(fault);
  }
}

async function holding(path: string): Promise<Folder> {
  const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const base = process.platform === "linux" ? `/proc/self/fd/${handle.fd}` : path;
  return {
    at: name => join(base, name),
    handle,
    async entries(most) {
      const found: Dirent[] = [];
      // The listing is closed when the loop is left.
      for await (const entry of await opendir(`${base}/.`, { bufferSize: 1024 })) if (found.push(entry) >= most) break;
      return found;
    },
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

/**
 * Reads a plain file in a folder, or its first `beginning` bytes; undefined when there is none. Throws a Refusal for links, all that is no file
 * and what is too large.
 */
export async function readPlain(folder: Folder, name: string, beginning?: number): Promise<Content | undefined> {
  const path = folder.at(name);
  let handle: FileHandle | undefined;
  try {
    await lookAt(path, "file");
    // Between the two looks it may have become a link or a pipe: neither is followed or waited for.
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Refusal("path", "that is no file");
    if (stats.size > MOST_BYTES) throw new Refusal("too-large", `only files of up to ${MOST_BYTES >> 20} MiB are opened`);
    const bytes = new Uint8Array(Math.min(stats.size, beginning ?? MOST_BYTES));
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
