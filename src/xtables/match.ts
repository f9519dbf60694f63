import type { Family, Predicate } from "../predicate/index.ts";
import type { Backend, Hook, PlaceContext, RuleContext, TableName } from "./context.ts";
import type { Given, Grammar, ReadContext } from "./option.ts";

/** How `iptables -L` shows things: with -n, ports and addresses stay numbers. */
export interface Listing {
  readonly numeric: boolean;
  /** Which iptables lists; legacy where it is not said. */
  readonly variant?: Backend;
  readonly names: ReadContext["names"];
}

/** What a loaded rule makes the kernel switch on: connection tracking (with defragmentation) stays off until some rule needs it, and so do the counters and labels of connections. `defrag` alone puts fragments together and tracks nothing. */
export type Need = "conntrack" | "nat" | "accounting" | "labels" | "defrag";

/** When the match holds, and when the packet is dropped without asking further (`par->hotdrop`), which is asked first. */
export interface Lowered {
  readonly predicate: Predicate;
  readonly hotdrop?: Predicate;
  /** What the rule's writer says of it, which means nothing to packets. */
  readonly remark?: string;
}

/** A match extension: everything the code base knows about one `-m name`. */
export interface MatchType<Info> {
  readonly name: string;
  /** One sentence for help. */
  readonly help: string;
  /** Other names it is loaded by: `icmpv6` for `icmp6`. Saved under `name`. */
  readonly aliases?: readonly string[];
  /** Both families unless said. */
  readonly families?: readonly Family[];
  /** Protocols (by number) the kernel demands in the rule's -p; with these, `-p NAME --option` loads the match by itself when `name` (or alias) is the protocol's. */
  readonly protocols?: readonly number[];
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly Hook[];
  readonly needs?: (info: Info) => readonly Need[];
  /** Reads the options and writes them back as `iptables-save` does. */
  readonly options: Grammar<Info>;
  /** Last look at all options together, as iptables' own final check does. Throws UsageError. May complete the info. */
  finish?(info: Info, rule: RuleContext): Info;
  /** The kernel's `checkentry`: why this match cannot stand in this rule, if it cannot. */
  check?(info: Info, rule: PlaceContext): string | undefined;
  lower(info: Info, rule: RuleContext): Lowered;
  /** Overrides `options.save` where iptables' order or form is its own. */
  save?(info: Info, family: Family): string;
  /** `iptables -L` puts no blank before the text. */
  readonly listsGlued?: boolean;
  /** The text shown by `iptables -L`, without surrounding blanks. */
  list(info: Info, listing: Listing, family: Family): string;
}

/** A match in a rule: its type and its data, already bound together. */
export interface Match {
  readonly name: string;
  readonly type: MatchType<unknown>;
  readonly info: unknown;
  readonly lowered: Lowered;
  /** `-m tcp --dport 22` */
  readonly save: string;
  readonly needs: readonly Need[];
  list(listing: Listing): string;
  check(rule: PlaceContext): string | undefined;
}

/** Reads the options of one match. Throws UsageError. */
export function bindMatch<Info>(
  type: MatchType<Info>,
  given: readonly Given[],
  rule: RuleContext,
  read: Omit<ReadContext, "option" | "extension">,
): Match {
  const parsed = type.options.parse(given, { ...read, extension: type.name });
  const info = type.finish ? type.finish(parsed, rule) : parsed;
  return new BoundMatch(type, info, rule);
}

/** Nothing to switch on: one list for all. */
export const NO_NEEDS: readonly Need[] = [];

/** A class, because functions that each match has for itself would be most of what a rule keeps. */
class BoundMatch<Info> implements Match {
  readonly name: string;
  readonly type: MatchType<unknown>;
  readonly info: Info;
  readonly lowered: Lowered;
  readonly save: string;
  readonly needs: readonly Need[];
  private readonly family: Family;

  constructor(type: MatchType<Info>, info: Info, rule: RuleContext) {
    const options = (type.save ?? type.options.save)(info, rule.family);
    this.name = type.name;
    this.type = type as MatchType<unknown>;
    this.info = info;
    this.lowered = type.lower(info, rule);
    this.save = options === "" ? `-m ${type.name}` : `-m ${type.name} ${options}`;
    this.needs = type.needs?.(info) ?? NO_NEEDS;
    this.family = rule.family;
  }

  list(listing: Listing): string {
    return this.type.list(this.info, listing, this.family);
  }

  check(place: PlaceContext): string | undefined {
    return placeFault("match", this.type, place) ?? this.type.check?.(this.info, place);
  }
}

/** What matches and targets have in common when the kernel looks where they stand. */
export interface Placed {
  readonly name: string;
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly Hook[];
  readonly protocols?: readonly number[];
}

/** The kernel's generic refusals. Kernel: x_tables.c, xt_check_match and xt_check_target. */
export function placeFault(kind: "match" | "target", type: Placed, place: PlaceContext): string | undefined {
  if (type.tables && !type.tables.includes(place.table))
    return `${type.name} ${kind}: only valid in the ${type.tables.join(", ")} table, not in ${place.table}`;
  if (type.hooks) {
    const wrong = [...place.hooks].filter(hook => !type.hooks?.includes(hook));
    if (wrong.length) return `${type.name} ${kind}: usable only from ${type.hooks.join(", ")}, but reached from ${wrong.join(", ")}`;
  }
  if (type.protocols && (place.protocolInverted || !type.protocols.includes(place.protocol)))
    return `${type.name} ${kind}: only valid for protocol ${type.protocols.join(", ")}, not for ${place.protocolInverted ? "! " : ""}${place.protocol}`;
  return undefined;
}
