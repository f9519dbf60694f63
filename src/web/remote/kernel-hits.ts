import type { Family } from "../../predicate/index.ts";
import { chosenRules, type KernelChoice, type KernelReading, type LineCount } from "../../report/serve/index.ts";
import { chainKey, type Amount, type Hits } from "../state/hits.ts";

/** What the kernel's rules and policies have counted, for the gutter and the map. `at` is when, in people's words. */
export function kernelHits({ rules }: Pick<KernelReading, "rules">, choice: KernelChoice, at: string): Hits {
  const lines: Record<Family, Map<number, Amount>> = { 4: new Map(), 6: new Map() };
  const policies = new Map<string, Amount>();
  const uncountedPolicies = new Set<Family>();
  for (const family of [4, 6] as const) {
    const chosen = rules[chosenRules(rules, family, choice)];
    if (!chosen) continue;
    const chains = chainLines(chosen.text);
    // iptables-nft prints zeroes: its chains have no counters.
    if (chosen.backend === "nft" && !chosen.counts.some(([line]) => chains.has(line))) uncountedPolicies.add(family);
    for (const count of chosen.counts) {
      const chain = chains.get(count[0]);
      if (chain) policies.set(chainKey(family, chain.table, chain.name), amount(count));
      else lines[family].set(count[0], amount(count));
    }
  }
  return { of: `the kernel at ${at}`, lines, policies, uncountedPolicies };
}

const amount = ([, packets, bytes]: LineCount): Amount => ({ packets: Number(packets), bytes: Number(bytes) });

/** The lines of save text that declare chains. */
function chainLines(text: string): ReadonlyMap<number, { readonly table: string; readonly name: string }> {
  const found = new Map<number, { readonly table: string; readonly name: string }>();
  let table = "";
  for (const [index, line] of text.split("\n").entries()) {
    if (line.startsWith("*")) table = line.slice(1);
    else if (line.startsWith(":")) found.set(index + 1, { table, name: line.slice(1, line.indexOf(" ")) });
  }
  return found;
}
