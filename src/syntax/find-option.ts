import { GLOBAL_BY_WORD, GLOBAL_LONG, type GlobalOption } from "./global-options.ts";
import { closest } from "./guess.ts";
import { longOptions, type LongOption } from "./registry.ts";
import type { Loaded } from "./spoken.ts";

/** An option of iptables itself, or one of an extension of the line. */
export type FoundOption = GlobalOption | { readonly loaded: Loaded; readonly option: LongOption };

/**
 * getopt_long's search among iptables' own options and those of the extensions loaded so far, newest first: an exact name, then an
 * abbreviation that fits one option only. Undefined for none or several.
 */
export function findOption(name: string, loaded: readonly Loaded[]): FoundOption | undefined {
  const own = GLOBAL_BY_WORD.get(name);
  if (own) return own;
  for (let i = loaded.length - 1; i >= 0; i--) {
    const extension = loaded[i];
    const option = extension?.type && longOptions(extension.type).get(name);
    if (extension && option) return { loaded: extension, option };
  }
  return findAbbreviated(name, loaded);
}

function findAbbreviated(name: string, loaded: readonly Loaded[]): FoundOption | undefined {
  let found: FoundOption | undefined;
  for (const option of GLOBAL_LONG) {
    if (!option.word.startsWith(name)) continue;
    if (found && !("letter" in found && found.letter === option.letter)) return undefined;
    found ??= option;
  }
  for (let i = loaded.length - 1; i >= 0; i--) {
    const extension = loaded[i];
    if (!extension?.type) continue;
    for (const option of longOptions(extension.type).values()) {
      if (!option.word.startsWith(name)) continue;
      if (found && !("loaded" in found && found.loaded === extension && found.option.name === option.name)) return undefined;
      found ??= { loaded: extension, option };
    }
  }
  return found;
}

/** The long option that a misspelt one may stand for. */
export function guessOption(said: string, loaded: readonly Loaded[]): string | undefined {
  if (!said.startsWith("--")) return undefined;
  const options = GLOBAL_LONG.map(({ word }) => `--${word}`);
  for (const { type } of loaded) if (type) for (const word of longOptions(type).keys()) options.push(`--${word}`);
  return closest(said.split("=")[0] ?? said, options);
}
