import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

interface Loaded {
  exports: unknown;
}

type Wrapped = (exports: unknown, require: (name: string) => unknown, module: Loaded, filename: string, dirname: string) => void;

/** The bundle's parts that were loaded, as V8 compiled them, by their files. */
export const compiled: Map<string, Script> = new Map();
const loaded = new Map<string, Loaded>();

/**
 * Where what V8 made of a part is kept, by the Node that it belongs to. V8 looks only at its own version and flags, and crashes on what another
 * build of that version made: Node 20.19 on data of Node 20.20. A build is told by its size.
 */
export const keptFor = (file: string): string => `${file}.${process.version}-${process.arch}-${statSync(process.execPath).size}.v8`;

/**
 * Loads a part of the bundle (CommonJS in its wrapper, all ASCII) that lies beside this file, as require would, but with what V8 made of it when
 * the bundle was built: reading a megabyte of program takes longer than most commands. Without that, or where V8 refuses it, it is compiled anew.
 */
export function load(name: string): unknown {
  const before = loaded.get(name);
  if (before) return before.exports;
  const file = join(import.meta.dirname, name);
  const script = new Script(readFileSync(file, "latin1"), { filename: file, cachedData: kept(file) });
  compiled.set(file, script);
  const module: Loaded = { exports: {} };
  loaded.set(name, module);
  const required = (request: string): unknown => (request.startsWith("./") ? load(request.slice(2)) : process.getBuiltinModule(request));
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
