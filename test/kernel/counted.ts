import type { Counters, Ruleset } from "../../src/ruleset/index.ts";
import type { Random } from "./generate/random.ts";

/** A ruleset with counters as a busy firewall has them: below a thousand packets, a quarter of the rules without any. */
export function counted(ruleset: Ruleset, random: Random): Ruleset {
  const some = (): Counters => ({ packets: BigInt(random.oneIn(4) ? 0 : random.below(1000)), bytes: 0n });
  const tables = [...ruleset.tables].map(([name, table]) => {
    const chains = [...table.chains].map(
      ([key, chain]) => [key, { ...chain, counters: some(), rules: chain.rules.map(rule => ({ ...rule, counters: some() })) }] as const,
    );
    return [name, { ...table, chains: new Map(chains) }] as const;
  });
  return { ...ruleset, tables: new Map(tables) };
}
