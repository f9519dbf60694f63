import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The values of a gzipped file with one JSON text a line. */
export function jsonLines<T>(path: string): T[] {
  return gunzipSync(readFileSync(path))
    .toString("utf8")
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line) as T);
}
