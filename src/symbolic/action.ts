import { CONNECTION_FIELDS, CT_STATE, type Action, type Field, type SetField } from "../predicate/index.ts";
import type { Hook } from "../xtables/index.ts";
import { extract } from "./bit-groups.ts";
import type { Diagram } from "./diagrams.ts";
import type { Domain } from "./domain.ts";
import type { Lowering } from "./lower.ts";
import { Mappings } from "./mappings.ts";
import type { Results } from "./outcome.ts";
import type { Observed } from "./observed.ts";
import type { Group } from "./space.ts";
import { together, transform, UNCHANGED, type Assignment, type Transform } from "./transform.ts";
import { choice, copied, keptAbsent } from "./rank-tables.ts";

/** Actions as leaves. */
export class ActionLowering {
  private readonly results: Results;
  private readonly lowering: Lowering;
  private readonly mappings: Mappings;
  private readonly observe: Observed;
  /** Packets that have come over loopback have their connection already, and NOTRACK leaves it. Kernel: xt_CT.c, xt_ct_target. */
  private readonly again: boolean;
  private readonly known = new Map<Action, Diagram>();

  constructor(results: Results, lowering: Lowering, hook: Hook, observe: Observed, again: boolean) {
    this.again = again;
    this.results = results;
    this.lowering = lowering;
    this.mappings = new Mappings(results, lowering, hook);
    this.observe = observe;
  }

  /** The leaf of an action that is no jump; the condition of an unknown target lies above two leaves. */
  result(action: Action): Diagram {
    let result = this.known.get(action);
    if (result === undefined) this.known.set(action, (result = this.lower(action)));
    return result;
  }

  private lower(action: Action): Diagram {
    const { results } = this;
    switch (action.do) {
      case "accept":
        return results.accept;
      case "drop":
        return results.drop;
      case "return":
        return results.return;
      case "reject":
        return results.leaf("reject", UNCHANGED, action.with.kind === "icmp" ? action.with.name : "tcp-reset");
      case "queue":
        return results.leaf("queue", UNCHANGED, action.low === action.high ? `${action.low}` : `${action.low}:${action.high}`);
      case "nat":
        return this.mappings.nat(action);
      case "tproxy":
        return results.leaf("accept", transform(this.setMark(action.mask, action.mark), [`tproxy to port ${action.port}`]));
      case "synproxy":
        return results.leaf("accept", transform(new Map(), ["synproxy"]));
      case "set":
        return results.leaf("continue", this.set(action));
      case "add":
        return results.leaf(
          "continue",
          this.changed(
            transform(
              this.arithmetic("ttl", value => Math.min(255, Math.max(0, value + action.delta))),
              [],
            ),
            `ttl ${action.delta}`,
          ),
        );
      case "mss":
        return results.leaf("continue", this.changed(transform(this.unknown("mss", `the MSS that TCPMSS sets`), []), `mss ${action.to}`));
      case "prefix":
        return results.leaf("continue", this.mappings.prefix(action));
      case "track":
        return action.notrack && !this.again
          ? results.leaf("continue", this.changed(transform(this.untracked(), []), "notrack"))
          : results.continue;
      case "log":
        return results.leaf("continue", this.changed(UNCHANGED, `log "${action.prefix}"`));
      case "nflog":
        return results.leaf("continue", this.changed(UNCHANGED, `nflog ${action.group} "${action.prefix}"`));
      case "unknown": {
        const level = results.space.conditionLevel(`target ${action.name}`, `what the unknown target ${action.name} does`);
        return results.space.diagrams.interval(level, 1, 1, 1, results.leaf("unknown", UNCHANGED, action.name), results.continue);
      }
      case "jump":
      case "goto":
      case "continue":
      case "strip":
      case "tee":
      case "sets":
      case "effect":
      case "checksum":
      case "trace":
        return results.continue;
    }
  }

  /** A transform with what it leaves behind in words, where that is observed. */
  private changed(change: Transform, effect: string): Transform {
    return this.observe.effects ? together(change, transform(new Map(), [effect])) : change;
  }

  /** A packet that is not tracked has no connection either. Kernel: xt_CT.c, notrack_tg. */
  private untracked(): Map<number, Assignment> {
    const { space } = this.results;
    const result = new Map<number, Assignment>();
    for (const field of CONNECTION_FIELDS)
      if (space.used.has(field))
        for (const group of space.groupsOf(field) ?? [undefined]) result.set(this.lowering.level(field, group), ABSENT);
    return result.set(this.lowering.level("ctstate"), { rank: space.domainOf("ctstate").rankOf(CT_STATE.UNTRACKED) });
  }

  private setMark(mask: number, mark: number): Map<number, Assignment> {
    return this.assigned({ do: "set", field: "mark", clear: mask, value: mark });
  }

  private set(action: SetField): Transform {
    const assignments = this.assigned(action);
    const own = this.changed(
      transform(assignments, []),
      `set ${action.field} ${typeof action.value === "number" ? action.value : "…"}/${action.clear}`,
    );
    if (action.next === undefined) return own;
    return together(own, this.set(action.next));
  }

  private assigned(action: SetField): Map<number, Assignment> {
    const { field, clear, value } = action;
    const groups = this.results.space.groupsOf(field);
    if (groups === undefined) {
      if (typeof value === "number") return this.arithmetic(field, old => ((old & ~clear) ^ value) >>> 0);
      return this.unknown(field, `what ${field} is set to`);
    }
    const result = new Map<number, Assignment>();
    for (const group of groups) {
      if (group.mask === 0n) continue;
      const to = this.group(action, group);
      if (to !== undefined) result.set(this.lowering.level(field, group), to);
    }
    return result;
  }

  /** What becomes of a group of bits; undefined where nothing does. */
  private group({ field, clear, value }: SetField, group: Group): Assignment | undefined {
    const { mask, domain } = group;
    const cleared = (BigInt(clear >>> 0) & mask) === mask;
    if (typeof value === "number") {
      const bits = extract(BigInt(value >>> 0), mask);
      if (cleared) return keptAbsent(domain, this.lowering.level(field, group), () => domain.rankOf(bits));
      if (bits === 0n) return undefined;
      // Bits are turned over; such groups have one rank for each value.
      return keptAbsent(domain, this.lowering.level(field, group), rank => domain.rankOf((domain.lowOf(rank) as bigint) ^ bits));
    }
    if ("field" in value && cleared && value.shift === 0 && (value.flip ?? 0) === 0) {
      const taken = BigInt(value.mask >>> 0) & mask;
      if (taken === 0n) return keptAbsent(domain, this.lowering.level(field, group), () => domain.rankOf(0n));
      const source = this.results.space.groupsOf(value.field)?.find(each => each.mask === mask);
      if (taken === mask && source !== undefined) return copied(domain, source.domain, this.lowering.level(value.field, source));
    }
    if (!cleared && "field" in value && (BigInt(value.mask >>> 0) & mask) === 0n && value.shift === 0) return undefined;
    return this.chosen(domain, `what ${field} becomes`, `${field} ${mask}`);
  }

  private arithmetic(field: Field, change: (old: number) => number): Map<number, Assignment> {
    const domain = this.results.space.domainOf(field);
    if (domain.size <= 1 + Number(domain.optional)) return new Map();
    const level = this.lowering.level(field);
    return new Map([[level, keptAbsent(domain, level, rank => domain.rankOf(change(Number(domain.lowOf(rank)))))]]);
  }

  /** What nobody knows of a packet says nothing of the answer to it. */
  private chosen(domain: Domain, about: string, key: string): Assignment {
    const { instance } = this.lowering.view;
    return choice(this.results.space, domain, about, instance === 0 ? key : `${key} of ${instance}`);
  }

  private unknown(field: Field, about: string): Map<number, Assignment> {
    const domain = this.results.space.domainOf(field);
    if (domain.size <= 1) return new Map();
    return new Map([[this.lowering.level(field), this.chosen(domain, about, field)]]);
  }
}

/** The least rank of what may be absent. */
const ABSENT: Assignment = { rank: 0 };
