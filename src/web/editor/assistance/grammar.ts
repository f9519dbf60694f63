import { MATCHES, TARGETS } from "../../../extensions/index.ts";
import { PROTOCOL_NAMES } from "../../../packet/index.ts";
import { SET_TYPES } from "../../../ruleset/index.ts";
import { BUILTIN_CHAINS, type TableName } from "../../../xtables/index.ts";
import { extensionHelp, type ExtensionHelp } from "../../../syntax/index.ts";

/** An extension as completion and help know it. */
export interface GrammarExtension extends ExtensionHelp {
  /** Where alone the kernel takes it; empty for everywhere. */
  readonly tables: readonly TableName[];
}

/** What may stand in rules: read off the declarations of the extensions, as plain data for the page. */
export interface Grammar {
  readonly extensions: readonly GrammarExtension[];
  readonly protocols: readonly string[];
  readonly chains: Readonly<Record<string, readonly string[]>>;
  readonly setTypes: readonly string[];
}

/** The grammar of rules. Made in a worker, because the extensions themselves are there. */
export function ruleGrammar(): Grammar {
  const types = { match: MATCHES, target: TARGETS };
  return {
    extensions: extensionHelp().map(help => {
      const type = types[help.kind].find(each => each.name === help.name && sameFamilies(each.families, help.families));
      return { ...help, tables: [...(type?.tables ?? [])] };
    }),
    protocols: [...PROTOCOL_NAMES],
    chains: BUILTIN_CHAINS,
    setTypes: SET_TYPES.map(({ name }) => name),
  };
}

const sameFamilies = (one: readonly number[] = [4, 6], other: readonly number[]): boolean => one.join() === other.join();
