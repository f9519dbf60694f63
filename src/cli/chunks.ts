import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { constants, Script } from "node:vm";

interface Loaded {
  exports: unknown;
}

type Wrapped = (exports: unknown, require: (name: string) => unknown, module: Loaded, filename: string, dirname: string) => void;

/** The bundle's parts that were loaded, as V8 compiled them, by their files. */
export const compiled: Map<string, Script> = new Map();
const loaded = new Map<string, Loaded>();
const outside = createRequire(import.meta.url);

/** Where what V8 made of a part is kept. */
export const keptFor = (file: string): string => `${file}.v8`;

/**
 * Loads a part of the bundle (CommonJS) that lies beside this file, as require would, but with what V8 made of it when the bundle was built: reading
 * a megabyte of program takes longer than most commands. V8 itself refuses what another version made, and compiles anew.
 */
export function load(name: string): unknown {
  const before = loaded.get(name);
  if (before) return before.exports;
  const file = join(import.meta.dirname, name);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${readFileSync(file, "utf8")}\n})`, {
    filename: file,
    cachedData: kept(file),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  compiled.set(file, script);
  const module: Loaded = { exports: {} };
  loaded.set(name, module);
  const required = (request: string): unknown => (request.startsWith("./") ? load(request.slice(2)) : outside(request));
  (script.runInThisContext() as Wrapped)(module.exports, required, module, file, import.meta.dirname);
  return module.exports;
}

function kept(file: string): Buffer | undefined {
  try {
    return readFileSync(keptFor(file));
  } catch {
    return undefined;
  }
}
