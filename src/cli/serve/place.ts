import { Refusal } from "./refusal.ts";

/** A file's place under the root: the folders, and the name. */
export interface Place {
  readonly path: string;
  readonly folders: readonly string[];
  readonly name: string;
}

const MOST_CHARACTERS = 1024;

/** Folders below the root that are looked into. */
export const MOST_DEPTH = 12;

/**
 * A path as the page says it. Throws a Refusal for one that is absolute, leads up, is hidden or holds what no name needs: such a name is
 * never made, nor found by a listing.
 */
export function placeOf(path: string): Place {
  const segments = path.split("/");
  const name = segments.at(-1) ?? "";
  if (path.length > MOST_CHARACTERS || segments.length > MOST_DEPTH || !segments.every(isPlain))
    throw new Refusal("path", "a path leads down from the root, by names that are not hidden");
  return { path, folders: segments.slice(0, -1), name };
}

/** A name that the page may say: not empty, not hidden (so not `.` nor `..`), without backslashes and control characters. */
export function isPlain(name: string): boolean {
  return name !== "" && !name.startsWith(".") && !/[\p{Cc}\p{Cs}\\]/u.test(name);
}
