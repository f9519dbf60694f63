import type { Family } from "../predicate/index.ts";
import { MATCHES, TARGETS } from "../extensions/index.ts";
import type { MatchType, Option, TargetType } from "../xtables/index.ts";

/** What is known of one extension, read off its declaration: nothing here is written twice. */
export interface ExtensionHelp {
  readonly kind: "match" | "target";
  readonly name: string;
  readonly families: readonly Family[];
  readonly help: string;
  readonly options: readonly OptionHelp[];
}

/** One option: `[!] --dport port[:port]`, its aliases, one sentence, and the words its value may be, for completion. */
export interface OptionHelp {
  readonly name: string;
  readonly usage: string;
  readonly aliases: readonly string[];
  readonly help: string;
  readonly words: readonly string[];
}

/** Every match and target, matches first, each kind in alphabetical order; one entry for each family where they differ. */
export function extensionHelp(): readonly ExtensionHelp[] {
  const byName = (a: ExtensionHelp, b: ExtensionHelp): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  return [
    ...MATCHES.map(type => describe("match", type)).toSorted(byName),
    ...TARGETS.map(type => describe("target", type)).toSorted(byName),
  ];
}

function describe(
  kind: ExtensionHelp["kind"],
  { name, help, families = [4, 6], options }: MatchType<unknown> | TargetType<unknown>,
): ExtensionHelp {
  return { kind, name, families, help, options: Object.entries(options.options).map(([option, declared]) => optionHelp(option, declared)) };
}

function optionHelp(name: string, { value, invert, aliases = [], help }: Option<unknown>): OptionHelp {
  const usage = `${invert ? "[!] " : ""}--${name}${value ? ` ${value.shape}` : ""}`;
  return { name, usage, aliases, help, words: value?.words ?? [] };
}
