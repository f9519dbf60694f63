import type { Condition, Rule, Ruleset } from "../../ruleset/index.ts";
import { printSave, readSave } from "../../syntax/index.ts";

/**
 * The first rule that would not be read again as it is from what is printed of it; undefined where all are. iptables-save loses the meaning of a
 * few (`--tcp-flags NONE SYN` is saved as nothing).
 */
export function unfaithful(ruleset: Ruleset): Rule | undefined {
  const { family } = ruleset;
  const read = readSave(printSave(ruleset), "", { family, lenient: true, keepNames: true }).ruleset;
  for (const [name, { chains }] of ruleset.tables) {
    for (const { name: chain, rules } of chains.values()) {
      const again = read?.tables.get(name)?.chains.get(chain)?.rules ?? [];
      const wrong = rules.find((rule, at) => meaning(rule) !== meaning(again[at]));
      if (wrong) return wrong;
    }
  }
  return undefined;
}

/** What a rule says, as text: its tests and its action, without functions. */
function meaning(rule: Rule | undefined): string {
  const said = rule?.conditions.filter(condition => !saysAllProtocols(condition));
  return JSON.stringify([said?.map(({ predicate, hotdrop }) => [predicate, hotdrop]), rule?.target?.action], plain);
}

/** `-p all`, which in IPv6 drops packets without a readable protocol, and which iptables-save does not print. */
export const saysAllProtocols = ({ predicate, hotdrop }: Condition): boolean =>
  predicate.is === "constant" && predicate.value && hotdrop !== undefined;

const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);
