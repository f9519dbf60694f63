import type { FileEntry, FileKind, FileList } from "../../report/serve/index.ts";
import { byName, fileKind } from "./file-kind.ts";
import { isPlain, MOST_DEPTH } from "./place.ts";
import { openFolder, readPlain, refusalOf, type Folder, type Root } from "./root.ts";

/** How much a listing looks at before it stops, and how much it tells. */
const MOST_ENTRIES = 20_000;
const MOST_LISTED = 2_000;
/** ms. */
const MOST_TIME = 5_000;
/** Folders that are looked into. */
export const MOST_FOLDERS = 500;
/** Bytes from which a file's kind is told. */
const BEGINNING = 8192;

/** What rules and firewall scripts have in them, unlike much else whose lines begin alike. */
const TABLE = /^[ \t]*\*(?:raw|mangle|nat|filter|security)[ \t]*\r?$/m;
const TOOLS = /iptables|ip6tables|ipset|\bip6?t\b/i;

/** Folders that hold other people's files. */
const PASSED_OVER = new Set(["node_modules", "lost+found"]);

/** A listing, with the folders that were looked into, from the root and parted by `/`; the root itself is the empty text. */
export interface Listing extends FileList {
  readonly folders: readonly string[];
}

/** Listings under way: who asks meanwhile gets the same. */
const underWay = new Map<Root, Promise<Listing>>();

/** The rulesets, scripts, sets and hosts under the root, in the order of their paths. Links and hidden names are passed over; bounded. Throws a Refusal when the root is gone. */
export function listFiles(root: Root): Promise<Listing> {
  const asked = underWay.get(root) ?? list(root).finally(() => underWay.delete(root));
  underWay.set(root, asked);
  return asked;
}

async function list(root: Root): Promise<Listing> {
  const files: FileEntry[] = [];
  const folders: string[] = [];
  const waiting: (readonly string[])[] = [[]];
  const end = performance.now() + MOST_TIME;
  let seen = 0;
  let truncated = false;
  const lookInto = async (path: readonly string[], folder: Folder): Promise<void> => {
    folders.push(path.join("/"));
    const entries = await folder.entries(MOST_ENTRIES + 1 - seen);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (++seen > MOST_ENTRIES || files.length >= MOST_LISTED || performance.now() > end) return void (truncated = true);
      if (!isPlain(entry.name)) continue;
      if (entry.isDirectory()) {
        if (PASSED_OVER.has(entry.name) || path.length + 2 > MOST_DEPTH) continue;
        waiting.push([...path, entry.name]);
      } else if (entry.isFile()) {
        const found = await entryOf(folder, path, entry.name);
        if (found) files.push(found);
      }
    }
  };
  for (let path = waiting.shift(); path !== undefined && !truncated; path = waiting.shift()) {
    if (folders.length >= MOST_FOLDERS) {
      truncated = true;
      break;
    }
    try {
      const folder = await openFolder(root, path);
      try {
        await lookInto(path, folder);
      } finally {
        await folder.close();
      }
    } catch (fault) {
      // A folder that went away or may not be read has nothing to list; without the root there is no list.
      if (path.length === 0) throw refusalOf(fault);
    }
  }
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), folders, truncated };
}

/** What the page is told of a file; undefined for one that it could not use. */
async function entryOf(folder: Folder, path: readonly string[], name: string): Promise<FileEntry | undefined> {
  try {
    const content = await readPlain(folder, name, BEGINNING);
    if (!content) return undefined;
    const beginning = new TextDecoder().decode(content.bytes);
    const kind = fileKind(name, beginning);
    if (kind === undefined || !isLikely(kind, name, beginning)) return undefined;
    const { size, mtime } = content.stats;
    return { path: [...path, name].join("/"), kind, size, changed: mtime.toISOString() };
  } catch {
    return undefined;
  }
}

/** Is it worth a line in a list? A file that is opened by its name is looked at less strictly. */
function isLikely(kind: FileKind, name: string, beginning: string): boolean {
  if (beginning.includes("\0")) return false;
  if (kind === "save") return byName(name) === "save" || TABLE.test(beginning);
  return kind !== "script" || TOOLS.test(beginning);
}
