import { findLoops, hooksOf, references, type Chain } from "../../ruleset/index.ts";
import type { Finding } from "../finding.ts";
import { found } from "./found.ts";
import { chainPointer, rulePointer, type Subject } from "./subject.ts";

/** F25: chains that lead back to themselves, though nothing leads there yet. */
export function chainLoops({ family, ruleset }: Subject): Finding[] {
  const findings: Finding[] = [];
  for (const { name: table, chains } of ruleset.tables.values()) {
    for (const { cycle, chain, index, rule, reachable } of findLoops(chains)) {
      const at = rulePointer(family, { table, chain: chains.get(chain) as Chain, number: index + 1, rule });
      const way = [...cycle.slice(0, MOST_SHOWN), ...(cycle.length > MOST_SHOWN ? ["…"] : []), cycle[0]].join(" → ");
      const end = reachable ? "the kernel refuses the table" : "the kernel refuses the table once a built-in chain leads there";
      findings.push(
        found("F25", at, `the chains ${way} lead back to themselves: ${end}`, {
          fix: { about: "delete the jump that closes the circle", edits: [{ do: "delete", table, chain, number: index + 1 }] },
        }),
      );
    }
  }
  return findings;
}

const MOST_SHOWN = 8;

/** F24, by the graph alone: user chains with rules to which no built-in chain leads. */
export function unledChains({ family, ruleset }: Subject): Finding[] {
  const findings: Finding[] = [];
  for (const { name: table, chains } of ruleset.tables.values()) {
    // A table whose built-in chains are all empty is a fragment, to be loaded beside others (iptables-restore --noflush).
    if ([...chains.values()].every(({ hook, rules }) => hook === undefined || rules.length === 0)) continue;
    const hooks = hooksOf(chains, "nft");
    const jumps = references(chains.values());
    for (const chain of chains.values()) {
      if (chain.hook !== undefined || hooks.get(chain.name)?.size !== 0 || chain.rules.length === 0) continue;
      const why = (jumps.get(chain.name) ?? 0) === 0 ? "no rule leads to it" : "only chains lead to it that no packet enters";
      const rules = chain.rules.length === 1 ? "1 rule is" : `${chain.rules.length} rules are`;
      findings.push(
        found("F24", chainPointer(family, table, chain), `no packet enters the chain ${chain.name}: ${why}, and its ${rules} never asked`),
      );
    }
  }
  return findings;
}
