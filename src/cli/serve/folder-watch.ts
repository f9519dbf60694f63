import { watch, type FSWatcher } from "node:fs";
import { join } from "node:path";

/** ms after the first change in which others belong to it: programs write a file in several steps. */
const SETTLING = 150;
/** Changed names of one time that are told apart. */
const MOST_CHANGED = 500;

/** What changed: names by the folder that they are in. `came` says that names came or went; `more` that there were too many to tell. */
export interface Changes {
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
  readonly came: boolean;
  readonly more: boolean;
}

/** Folders that are being watched. */
export interface FolderWatch {
  /** Watches these folders from now on, and no others. */
  follow(folders: Iterable<string>): void;
  stop(): void;
}

/** Calls back after changes of any name in any of the folders; `fault` hears the first reason why something cannot be watched. */
export function watchFolders(changed: (changes: Changes) => void, fault: (reason: string) => void): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  let names = new Map<string, Set<string>>();
  let count = 0;
  let came = false;
  let timer: NodeJS.Timeout | undefined;
  let failed = false;
  const fail = (reason: Error): void => {
    if (!failed) fault(`changes on disk are not noticed: ${reason.message}`);
    failed = true;
  };
  const tell = (): void => {
    timer = undefined;
    const changes = { names, came, more: count > MOST_CHANGED };
    names = new Map();
    count = 0;
    came = false;
    changed(changes);
  };
  const note = (folder: string, kind: string, name: string | null): void => {
    came ||= kind === "rename";
    // A folder that went and came again is another folder.
    if (kind === "rename" && name !== null) end(join(folder, name));
    if (name !== null && ++count <= MOST_CHANGED) names.set(folder, (names.get(folder) ?? new Set()).add(name));
    timer ??= setTimeout(tell, SETTLING);
  };
  const begin = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, (kind, name) => note(folder, kind, name));
      watcher.on("error", fail);
      watchers.set(folder, watcher);
    } catch (reason) {
      fail(reason as Error);
    }
  };
  const end = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  return {
    follow(folders) {
      const wanted = new Set(folders);
      for (const folder of watchers.keys()) if (!wanted.has(folder)) end(folder);
      for (const folder of wanted) if (!watchers.has(folder)) begin(folder);
    },
    stop() {
      clearTimeout(timer);
      for (const folder of watchers.keys()) end(folder);
    },
  };
}
