import type { Firewall } from "../../engine/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { Counters, Ruleset } from "../../ruleset/index.ts";
import { chainKey, type Amount, type Hits } from "../state/hits.ts";

/** What the rules counted beyond the counters that they were loaded with. */
export function countedSince(
  firewall: Firewall,
  rulesets: Readonly<Record<Family, Ruleset | undefined>>,
): Pick<Hits, "lines" | "policies"> {
  const lines: Record<Family, Map<number, Amount>> = { 4: new Map(), 6: new Map() };
  const policies = new Map<string, Amount>();
  for (const family of [4, 6] as const) {
    const counters = firewall.counters(family);
    for (const table of rulesets[family]?.tables.values() ?? [])
      for (const chain of table.chains.values()) {
        const now = counters.get(table.name)?.get(chain.name);
        if (now === undefined) continue;
        const fell = now.policy && since(chain.counters, now.policy);
        if (fell) policies.set(chainKey(family, table.name, chain.name), fell);
        for (const [index, rule] of chain.rules.entries()) {
          const counter = now.rules[index];
          const met = counter && since(rule.counters, counter);
          if (met) add(lines[family], rule.at.line, met);
        }
      }
  }
  return { lines, policies };
}

/** Undefined for none. */
function since(before: Counters | undefined, now: Counters): Amount | undefined {
  const packets = Number(now.packets - (before?.packets ?? 0n));
  return packets === 0 ? undefined : { packets, bytes: Number(now.bytes - (before?.bytes ?? 0n)) };
}

/** A line that names several addresses stands for several rules. */
function add(lines: Map<number, Amount>, line: number, { packets, bytes }: Amount): void {
  const known = lines.get(line);
  lines.set(line, known ? { packets: known.packets + packets, bytes: known.bytes + bytes } : { packets, bytes });
}
