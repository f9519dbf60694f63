import { watch, type FSWatcher } from "node:fs";
import { basename, join } from "node:path";

/** ms after the first change in which others belong to it: programs write a file in several steps. */
const SETTLING = 150;
/** ms between two looks for folders that are gone. */
const RETRY = 1000;
/** Changed names of one time that are told apart. */
const MOST_CHANGED = 500;

/** What changed: names by the folder that they are in. `came` says that names came or went; `more` that anything may have changed. */
export interface Changes {
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
  readonly came: boolean;
  readonly more: boolean;
}

/** Folders that are being watched. */
export interface FolderWatch {
  /** Watches these folders from now on, and no others; one that is gone from when it is there again. */
  follow(folders: Iterable<string>): void;
  stop(): void;
}

/**
 * Calls back after changes of any name in any of the folders, again when it is done with those before; `fault` hears the first reason why
 * something cannot be watched.
 */
export function watchFolders(changed: (changes: Changes) => Promise<void>, fault: (reason: string) => void): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  const unwatched = new Set<string>();
  let names = new Map<string, Set<string>>();
  let count = 0;
  let [came, more] = [false, false];
  let timer: NodeJS.Timeout | undefined;
  let retrying: NodeJS.Timeout | undefined;
  let [failed, stopped] = [false, false];
  const fail = (reason: Error): void => {
    if (!failed) fault(`changes on disk are not noticed: ${reason.message}`);
    failed = true;
  };
  const isQuiet = (): boolean => count === 0 && !came && !more;
  const tell = async (): Promise<void> => {
    const changes = { names, came, more: more || count > MOST_CHANGED };
    names = new Map();
    count = 0;
    [came, more] = [false, false];
    await changed(changes).catch(fail);
    timer = undefined;
    if (!isQuiet()) settle();
  };
  const settle = (): void => {
    if (!stopped) timer ??= setTimeout(() => void tell(), SETTLING);
  };
  const note = (folder: string, kind: string, name: string | null): void => {
    if (kind === "rename") {
      came = true;
      // A folder that went and came again is another folder. What bears the folder's own name may be the folder itself.
      if (name !== null) end(join(folder, name));
      if (name === basename(folder)) {
        more = true;
        renew(folder);
      }
    }
    if (name !== null && ++count <= MOST_CHANGED) names.set(folder, (names.get(folder) ?? new Set()).add(name));
    settle();
  };
  const begin = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, (kind, name) => note(folder, kind, name));
      watcher.on("error", fail);
      watchers.set(folder, watcher);
      unwatched.delete(folder);
    } catch (reason) {
      unwatched.add(folder);
      retrying ??= setTimeout(retry, RETRY).unref();
      if ((reason as NodeJS.ErrnoException).code !== "ENOENT") fail(reason as Error);
    }
  };
  const retry = (): void => {
    retrying = undefined;
    const folders = [...unwatched];
    for (const folder of folders) renew(folder);
  };
  /** Watches what is there now under a folder's name, after some time in which nothing was heard of it. */
  const renew = (folder: string): void => {
    end(folder);
    begin(folder);
    if (!watchers.has(folder)) return;
    more = true;
    settle();
  };
  const end = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
    unwatched.delete(folder);
  };
  return {
    follow(folders) {
      const wanted = new Set(folders);
      for (const folder of [...watchers.keys(), ...unwatched]) if (!wanted.has(folder)) end(folder);
      for (const folder of wanted) if (!watchers.has(folder)) begin(folder);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(retrying);
      for (const folder of [...watchers.keys(), ...unwatched]) end(folder);
    },
  };
}
