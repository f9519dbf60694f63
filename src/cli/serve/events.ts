import { basename, dirname, join, relative, resolve } from "node:path";
import type { ServedEvent } from "../../report/serve/index.ts";
import { listener, type Listener } from "./event-stream.ts";
import { watchFolders, type Changes, type FolderWatch } from "./folder-watch.ts";
import { watchKernel } from "./kernel-watch.ts";
import type { Opening } from "./opening.ts";
import { isPlain } from "./place.ts";
import { Refusal } from "./refusal.ts";
import { hashAt } from "./root-files.ts";
import { listFiles } from "./root-list.ts";
import type { Root } from "./root.ts";

/** What is watched for the page. */
export interface EventSettings {
  readonly root: Root | undefined;
  readonly openings: readonly Opening[];
  /** ms between readings of the running rules. */
  readonly period: number;
}

/** Those who listen, and what is watched for them. */
export interface Events {
  /** A new listener's stream; with `kernel` it hears of the running rules too. Throws a Refusal when there are too many. */
  listen(kernel: boolean): ReadableStream<Uint8Array>;
  close(): void;
}

const MOST_LISTENERS = 16;
/** Changed files of one time that are told apart. */
const MOST_HASHED = 50;

const NOTHING = { folders: [] };

/** Watches files and the kernel while somebody listens, and no longer. */
export function createEvents({ root, openings, period }: EventSettings): Events {
  const listeners = new Map<Listener, { readonly kernel: boolean }>();
  const tell = (event: ServedEvent): void => {
    for (const each of listeners.keys()) each.send(event);
  };
  const tellOfKernel = (event: ServedEvent): void => {
    for (const [each, { kernel }] of listeners) if (kernel) each.send(event);
  };
  const kernel = watchKernel(tellOfKernel, period);
  let files: FolderWatch | undefined;
  let watching: Promise<void> = Promise.resolve();
  const own = openings.flatMap(({ id, files: named }) => named.map(file => ({ id, folder: dirname(resolve(file)), name: basename(file) })));

  const follow = async (): Promise<void> => {
    // The root is looked for even when it is gone.
    const folders = root ? ["", ...(await listFiles(root).catch(() => NOTHING)).folders].map(folder => join(root.path, folder)) : [];
    files?.follow([...folders, ...own.map(({ folder }) => folder)]);
  };
  const changed = async ({ names, came, more }: Changes): Promise<void> => {
    const paths = root ? [...names].flatMap(([folder, each]) => pathsIn(root, folder, each)) : [];
    // New folders are watched first, so that nothing in them is missed by who looks now.
    if (more || paths.length > MOST_HASHED) {
      await follow();
      return tell({ event: "ready" });
    }
    for (const id of new Set(own.filter(({ folder, name }) => names.get(folder)?.has(name)).map(each => each.id)))
      tell({ event: "document", id });
    if (root) for (const path of paths) tell({ event: "file", path, hash: await hashAt(root, path) });
    if (!came || paths.length === 0) return;
    await follow();
    tell({ event: "files" });
  };
  const settle = (): void => {
    if (listeners.size > 0 && !files) {
      files = watchFolders(changed, message => tell({ event: "fault", message }));
      watching = follow();
    }
    if ([...listeners.values()].some(each => each.kernel)) kernel.start();
    else kernel.stop();
    if (listeners.size > 0) return;
    files?.stop();
    files = undefined;
  };
  return {
    listen(withKernel) {
      if (listeners.size >= MOST_LISTENERS) throw new Refusal("busy", "too many pages listen");
      const made = listener(() => {
        listeners.delete(made);
        settle();
      });
      listeners.set(made, { kernel: withKernel });
      settle();
      void watching.then(() => made.send({ event: "ready" }));
      if (withKernel) for (const event of kernel.last()) made.send(event);
      return made.stream;
    },
    close() {
      for (const each of listeners.keys()) each.end();
    },
  };
}

/** Paths from the root of names that the page may say; none for a folder elsewhere. */
function pathsIn(root: Root, folder: string, names: ReadonlySet<string>): readonly string[] {
  const from = relative(root.path, folder);
  const segments = from === "" ? [] : from.split("/");
  if (!segments.every(isPlain)) return [];
  return [...names].filter(isPlain).map(name => [...segments, name].join("/"));
}
