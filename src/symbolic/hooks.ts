import { CONNECTION_FIELDS, CT_STATE, type Field, type Value } from "../predicate/index.ts";
import type { Rule, Ruleset } from "../ruleset/index.ts";
import type { Hook, Need, TableName } from "../xtables/index.ts";
import { TableDiagrams } from "./chain.ts";
import type { Diagram } from "./diagrams.ts";
import type { View } from "./lower.ts";
import type { Observed } from "./observed.ts";
import { Results } from "./outcome.ts";
import type { Space } from "./space.ts";

/** Bytes from the transport header on, of packets that are whole: more than any header has. */
const WHOLE = 1000;

/** What is the same for every packet that sessions are made of: it is no fragment, and its headers are whole. */
const WHOLE_PACKET: readonly [Field, Value][] = [
  ["fragoff", 0],
  ["morefrags", 0],
  ["l4length", WHOLE],
];

/** Packets of the client, which the diagrams show as they are. */
export function clientView({ family }: Space, whole = true): View {
  const fixed: [Field, Value][] = [["family", family]];
  if (whole) fixed.push(...WHOLE_PACKET, ["ctdir", 0]);
  return { mirrored: false, instance: 0, fixed: new Map(fixed) };
}

/** Packets of the server, in a mirror. `state` is what tracking says of all of them, where it is the same for all. */
export function serverView({ family }: Space, state: number | undefined): View {
  const fixed: [Field, Value][] = [["family", family], ...WHOLE_PACKET, ["ctdir", 1]];
  if (state !== undefined) fixed.push(["ctstate", state]);
  return { mirrored: true, instance: 1, fixed: new Map(fixed) };
}

/** A view of packets some of which have no connection, and so no direction: it is asked for. */
export function directionless(view: View): View {
  const fixed = new Map(view.fixed);
  fixed.delete("ctdir");
  return { ...view, fixed };
}

/** The raw table runs before connection tracking: no packet has a connection there. */
function beforeTracking(view: View): View {
  const fixed = new Map(view.fixed);
  fixed.set("ctstate", CT_STATE.INVALID);
  for (const field of CONNECTION_FIELDS) fixed.set(field, undefined);
  return { ...view, fixed };
}

/** The tables that run at each hook, in the kernel's order. Kernel: netfilter_ipv4.h, enum nf_ip_hook_priorities. */
export const TABLES_AT: Readonly<Record<Hook, readonly TableName[]>> = {
  PREROUTING: ["raw", "mangle", "nat"],
  INPUT: ["mangle", "filter", "security", "nat"],
  FORWARD: ["mangle", "filter", "security"],
  OUTPUT: ["raw", "mangle", "nat", "filter", "security"],
  POSTROUTING: ["mangle", "nat"],
};

/** A ruleset under one view, table by table. */
export class HookDiagrams {
  readonly ruleset: Ruleset;
  readonly results: Results;
  readonly view: View;
  private readonly observe: Observed;
  private readonly tables = new Map<string, TableDiagrams>();

  constructor(ruleset: Ruleset, results: Results, view: View, observe: Observed = { effects: false }) {
    this.ruleset = ruleset;
    this.results = results;
    this.view = view;
    this.observe = observe;
  }

  /** The diagrams of a table; the nat table's are made for each hook, since NETMAP and MASQUERADE mean something else at each. */
  table(name: TableName, hook: Hook, again = false): TableDiagrams | undefined {
    const table = this.ruleset.tables.get(name);
    if (table === undefined) return undefined;
    const key = name === "nat" ? `nat ${hook}` : `${name} ${again}`;
    let diagrams = this.tables.get(key);
    if (diagrams === undefined)
      this.tables.set(
        key,
        (diagrams = new TableDiagrams(
          table,
          this.results,
          name === "raw" && !again ? beforeTracking(this.view) : this.view,
          hook,
          this.observe,
          again,
        )),
      );
    return diagrams;
  }

  /** What a table does at a hook; `accept` where it has no chain there. nat is asked for new connections only. `again`: the packet came over loopback, and its connection is known. */
  stage(hook: Hook, name: TableName, again = false): Diagram {
    const diagrams = this.table(name, hook, again);
    if (diagrams === undefined || !diagrams.table.chains.has(hook)) return this.results.accept;
    const stage = diagrams.hook(hook);
    return name === "nat" && stage !== this.results.accept ? this.forNew(stage, diagrams) : stage;
  }

  private forNew(stage: Diagram, { lowering }: TableDiagrams): Diagram {
    const fresh = lowering.set({ is: "in", field: "ctstate", ranges: NEW_STATES });
    return this.results.space.diagrams.choose(fresh, stage, this.results.accept);
  }

  /** Stages one after the other: a packet that one accepts goes on to the next. */
  sequence(stages: readonly Diagram[]): Diagram {
    const { results } = this;
    return stages.reduceRight(
      (rest, stage) => (rest === results.accept ? stage : results.followedBy(stage, "accept", results.accept, rest)),
      results.accept,
    );
  }
}

const NEW_STATES = [
  [CT_STATE.NEW, CT_STATE.NEW],
  [CT_STATE.RELATED, CT_STATE.RELATED],
] as const;

/** Do any rules make the kernel track connections? */
export const tracks = (ruleset: Ruleset): boolean =>
  someRule(ruleset, ({ matches, target }) => (target !== undefined && needsTracking(target)) || matches.some(needsTracking));

/** May packets be kept from tracking? */
export const untracks = (ruleset: Ruleset): boolean =>
  someRule(ruleset, ({ target }) => target?.action.do === "track" && target.action.notrack);

const needsTracking = ({ needs }: { readonly needs: readonly Need[] }): boolean => needs.some(need => need !== "defrag");

function someRule(ruleset: Ruleset, holds: (rule: Rule) => boolean): boolean {
  for (const table of ruleset.tables.values()) for (const chain of table.chains.values()) if (chain.rules.some(holds)) return true;
  return false;
}
