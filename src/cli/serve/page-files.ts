import { readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { cacheControl, contentType } from "./headers.ts";

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly cache: string;
}

/** The file of the built page at a URL's path; undefined for what is not there, lies elsewhere or has no type that is served. */
export async function pageFile(folder: string, path: string): Promise<PageFile | undefined> {
  const segments = (path === "/" ? "/index.html" : path).slice(1).split("/");
  const type = contentType(segments.at(-1) ?? "");
  // Plain names only: none that is encoded, hidden, or leads up.
  if (type === undefined || !segments.every(segment => /^[\w-][\w.-]*$/.test(segment))) return undefined;
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, ...segments))]);
    if (!file.startsWith(root + sep)) return undefined;
    return { bytes: new Uint8Array(await readFile(file)), type, cache: cacheControl(segments) };
  } catch {
    return undefined;
  }
}
