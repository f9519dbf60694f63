import type { Connection, Defragmenter, Tracker } from "../conntrack/index.ts";
import type { Host, Router } from "../host/index.ts";
import type { CompiledChain, CompiledRuleset, CompiledTable } from "./compile.ts";
import type { FirstFragments } from "./first-fragments.ts";
import type { SetStore } from "./set-store.ts";
import type { SynCookies } from "./syn-cookies.ts";
import type { Journey } from "./journey.ts";
import type { Packet } from "./packet.ts";
import type { DeviceRoute } from "./packet-state.ts";
import type { Proxied } from "./proxied.ts";
import type { Family } from "../predicate/index.ts";
import type { Execute } from "./traverse.ts";
import type { Hook, TableName } from "../xtables/index.ts";

/** One table's chain at one hook. */
export interface Base {
  readonly table: CompiledTable;
  readonly chain: CompiledChain;
}

/** What one family's packets meet. */
export interface FamilyRules {
  readonly ruleset: CompiledRuleset;
  /** By hook and table; a table that is not loaded has no entry. */
  readonly bases: Readonly<Record<Hook, Partial<Readonly<Record<TableName, Base>>>>>;
  /** Connections are tracked only when some rule needs it. Kernel: nf_ct_netns_get. */
  readonly tracks: boolean;
  /** Fragments are put together before all rules: by tracking, or because a rule looks at sockets. */
  readonly defragments: boolean;
}

/** The machine that packets travel through: a host, its rules, and what it remembers. */
export interface Machine {
  readonly host: Host;
  readonly router: Router;
  readonly rules: Readonly<Record<Family, FamilyRules | undefined>>;
  readonly tracker: Tracker;
  readonly defragmenter: Defragmenter;
  readonly firstFragments: FirstFragments;
  readonly sets: SetStore;
  /** What SYNPROXY gave away, and the connections that it opened. */
  readonly cookies: SynCookies;
  readonly proxied: WeakMap<Connection, Proxied>;
  /** Uniformly random unsigned 32-bit numbers. */
  random(): number;
  /** What the actions of rules do on this machine. */
  readonly execute: Execute;
  /** The way out for what the stack makes by itself: answers meet rules too, and rules make answers. */
  readonly sendOut: (machine: Machine, packet: Packet, route: DeviceRoute, journey: Journey) => void;
}

/** The chains of a compiled ruleset by hook. */
export function familyRules(ruleset: CompiledRuleset): FamilyRules {
  const bases: Record<Hook, Partial<Record<TableName, Base>>> = { PREROUTING: {}, INPUT: {}, FORWARD: {}, OUTPUT: {}, POSTROUTING: {} };
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      const { hook } = chain.source;
      if (hook !== undefined) bases[hook][table.name] = { table, chain };
    }
  }
  return { ruleset, bases, tracks: [...ruleset.needs].some(need => need !== "defrag"), defragments: ruleset.needs.size > 0 };
}
