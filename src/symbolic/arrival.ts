import { all, always, any, CT_STATE, equal, named, not, type Predicate } from "../predicate/index.ts";
import { HOOKS, type Hook, type TableName } from "../xtables/index.ts";

/** What the kernel brings to a table at a hook: interfaces there are, and what tracking can have said. */
export function arriving(table: TableName, hook: Hook): Predicate {
  return all(...INTERFACES[hook], statesAt(table, hook));
}

function statesAt(table: TableName, hook: Hook): Predicate {
  // What comes over loopback, and what the kernel makes in answer, has its connection already. Kernel: nf_conntrack_core.c, nf_conntrack_in.
  if (table === "raw" && hook === "PREROUTING")
    return any(equal("ctstate", CT_STATE.INVALID), equal("ctstate", CT_STATE.UNTRACKED), named("iif", "lo"));
  return table === "nat" ? any(equal("ctstate", CT_STATE.NEW), equal("ctstate", CT_STATE.RELATED)) : always;
}

const NO_INPUT = named("iif", "");
const NO_OUTPUT = named("oif", "");
const INTERFACES: Readonly<Record<Hook, readonly Predicate[]>> = {
  PREROUTING: [not(NO_INPUT), NO_OUTPUT],
  INPUT: [not(NO_INPUT), NO_OUTPUT],
  FORWARD: [not(NO_INPUT), not(NO_OUTPUT)],
  OUTPUT: [NO_INPUT, not(NO_OUTPUT)],
  // A packet of this machine comes from no interface, and routed ones have lost theirs.
  POSTROUTING: [not(NO_OUTPUT)],
};

/** Constants of these predicates, for a survey. */
export const ARRIVALS: readonly Predicate[] = HOOKS.flatMap(hook => INTERFACES[hook]);
