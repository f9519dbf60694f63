import { checkPlaces, findLoops, sharedSteps, type Rule, type Ruleset, type Table } from "../ruleset/index.ts";
import type { Fault } from "./fault.ts";
import { seenByKernel, standsAnywhere } from "./nft-variant.ts";
import type { Settings } from "./options.ts";

/** Looks at each table as a whole, as the kernel does when it is loaded: loops of chains, and rules that cannot stand where they stand. */
export function checkTables(
  ruleset: Ruleset,
  { family, variant }: Pick<Settings, "family" | "variant">,
): { readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] } {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const steps = new Map([...ruleset.tables.values()].map(table => [table, sharedSteps([table])]));
  for (const table of ruleset.tables.values()) {
    for (const { cycle, reachable, rule } of findLoops(table.chains, variant)) {
      const message = `the chains ${shownCycle(cycle)} lead back to themselves`;
      if (reachable) faults.push(at(rule, `${message}: the kernel refuses this (Too many levels of symbolic links)`, 1));
      else warnings.push(at(rule, `${message}; nothing leads there`, 1));
    }
    // The first of a key counts, so later tables come first.
    const others = new Map([...steps].toReversed().flatMap(([other, own]) => (other === table ? [] : [...own])));
    const seen = variant === "nft" ? { ...table, chains: seenChains(table.chains) } : table;
    for (const { rule, message } of checkPlaces(seen, family, variant, others)) {
      if (variant === "legacy" || !standsAnywhere(rule)) faults.push(at(rule, message, variant === "nft" ? 4 : 1));
    }
  }
  return { faults, warnings };
}

const at = ({ at: { file, line, column } }: Rule, message: string, status: 1 | 4): Fault => ({
  file,
  line,
  column,
  endColumn: column + 1,
  message,
  status,
});

const seenChains = (chains: Table["chains"]): Table["chains"] =>
  new Map([...chains].map(([name, chain]) => [name, { ...chain, rules: chain.rules.map(seenByKernel) }]));

const MOST_SHOWN = 8;

/** `a → b → a`; the middle of a long way round is left out. */
function shownCycle(cycle: readonly string[]): string {
  const way =
    cycle.length <= MOST_SHOWN ? cycle : [...cycle.slice(0, MOST_SHOWN - 1), `… ${cycle.length - MOST_SHOWN} more …`, ...cycle.slice(-1)];
  return [...way, cycle[0]].join(" → ");
}
