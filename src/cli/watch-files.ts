import { watch, type FSWatcher } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** ms after the first change in which others belong to it: programs write a file in several steps. */
const SETTLING = 100;

/** Files that are being watched. */
export interface Watcher {
  /** As if one of them had changed. */
  changed(): void;
  stop(): void;
}

/** Calls back after changes of any of the files, until it is stopped; they may be replaced, removed and made again. */
export function watchFiles(files: readonly string[], callback: () => void): Watcher {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      callback();
    }, SETTLING);
  };
  const namesOf = new Map<string, Set<string>>();
  for (const file of files) {
    const directory = dirname(resolve(file));
    const names = namesOf.get(directory) ?? new Set();
    namesOf.set(directory, names.add(basename(file)));
  }
  // Of a directory, because what editors write is often a new file under the old name.
  const watchers: FSWatcher[] = [];
  for (const [directory, names] of namesOf)
    watchers.push(
      watch(directory, (_, name) => {
        if (name === null || names.has(name)) changed();
      }),
    );
  return {
    changed,
    stop() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
