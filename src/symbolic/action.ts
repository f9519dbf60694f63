import type { Action, Field, Nat, SetField } from "../predicate/index.ts";
import type { Hook } from "../xtables/index.ts";
import { network } from "./address-types.ts";
import { extract, widthOf } from "./bit-groups.ts";
import type { Diagram } from "./diagrams.ts";
import type { Domain } from "./domain.ts";
import type { Lowering } from "./lower.ts";
import { LOOPBACK_NETWORK } from "./loopback.ts";
import { natText } from "./nat-text.ts";
import type { Results } from "./outcome.ts";
import type { Observed } from "./observed.ts";
import { narrower } from "./constants.ts";
import { PREFIX_WORDS } from "./prefix-answers.ts";
import type { Group } from "./space.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY } from "./surroundings.ts";
import { together, transform, UNCHANGED, type Assignment, type Transform } from "./transform.ts";
import { copied, keptAbsent } from "./rank-tables.ts";
import { inRanks, REPLY_TUPLE, sameRanks } from "./tuple-ranks.ts";
import { UNNAMED } from "./unnamed.ts";

/** Actions as leaves. */
export class ActionLowering {
  private readonly results: Results;
  private readonly lowering: Lowering;
  private readonly hook: Hook;
  private readonly observe: Observed;
  /** Packets that have come over loopback have their connection already, and NOTRACK leaves it. Kernel: xt_CT.c, xt_ct_target. */
  private readonly again: boolean;
  private readonly known = new Map<Action, Diagram>();

  constructor(results: Results, lowering: Lowering, hook: Hook, observe: Observed, again: boolean) {
    this.again = again;
    this.results = results;
    this.lowering = lowering;
    this.hook = hook;
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
        return results.leaf("accept", this.nat(action));
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
        return results.leaf("continue", this.prefix(action));
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

  private untracked(): Map<number, Assignment> {
    const domain = this.results.space.domainOf("ctstate");
    return new Map([[this.lowering.level("ctstate"), { rank: domain.rankOf(UNTRACKED) }]]);
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
    return this.choice(domain, `what ${field} becomes`, `${field} ${mask}`);
  }

  private arithmetic(field: Field, change: (old: number) => number): Map<number, Assignment> {
    const domain = this.results.space.domainOf(field);
    if (domain.size <= 1 + Number(domain.optional)) return new Map();
    const level = this.lowering.level(field);
    return new Map([[level, keptAbsent(domain, level, rank => domain.rankOf(change(Number(domain.lowOf(rank)))))]]);
  }

  private unknown(field: Field, about: string): Map<number, Assignment> {
    const domain = this.results.space.domainOf(field);
    if (domain.size <= 1) return new Map();
    return new Map([[this.lowering.level(field), this.choice(domain, about, field)]]);
  }

  private choice(domain: Domain, about: string, key: string): Assignment {
    return { source: this.results.space.choiceLevel(`${key} ${about}`, about, domain.size), table: undefined };
  }

  private nat(action: Nat): Transform {
    const { manip } = action;
    const result = new Map<number, Assignment>();
    const atSource = action.address.from === "netmap" ? this.hook === "POSTROUTING" || this.hook === "INPUT" : manip === "source";
    const field: Field = atSource ? "saddr" : "daddr";
    this.natAddress(action, field, result);
    const port: Field = atSource ? "sport" : "dport";
    if (action.ports !== undefined) {
      const about = `the port that NAT picks from ${action.ports.join("-")}`;
      const assignment = this.picked(port, action.ports[0], action.ports[1], about);
      if (assignment !== undefined) result.set(this.lowering.level(port), assignment);
    }
    for (const changed of [field, port]) this.inReply(changed, result);
    if (!atSource) this.movesDestination(action, result);
    for (const group of this.results.space.groupsOf("ctstatus") ?? []) {
      const bit = BigInt(atSource ? SRC_NAT : DST_NAT);
      if (group.mask === bit) result.set(this.lowering.level("ctstatus", group), { rank: group.domain.rankOf(1n) });
    }
    return transform(result, [natText(action, this.results.space.family)]);
  }

  /** The tuple that answers will have changes with the packet. Kernel: nf_nat_core.c, nf_nat_setup_info. */
  private inReply(field: Field, result: Map<number, Assignment>): void {
    const { space } = this.results;
    const own = REPLY_TUPLE[field];
    const to = result.get(this.lowering.level(field));
    if (own !== undefined && to !== undefined && space.used.has(own))
      result.set(this.lowering.level(own), inRanks(to, sameRanks(space, field, own)));
  }

  /** Without a host, what NAT leads to is taken to be another machine, unless it says that it is this one. */
  private movesDestination({ address }: Nat, result: Map<number, Assignment>): void {
    const { space } = this.results;
    if (space.surroundings.known.host !== undefined || address.from === "packet") return;
    const loopback = LOOPBACK_NETWORK[space.family];
    const own = address.from === "interface" || (address.from === "range" && loopback[0] <= address.low && address.high <= loopback[1]);
    result.set(space.conditionLevel(LOCAL_DESTINATION_KEY, LOCAL_DESTINATION), { rank: Number(own) });
  }

  private natAddress({ address, manip }: Nat, field: Field, result: Map<number, Assignment>): void {
    const { space } = this.results;
    const domain = space.domainOf(field);
    const level = this.lowering.level(field);
    switch (address.from) {
      case "packet":
        return;
      case "range": {
        const assignment = this.picked(field, address.low, address.high, "the address that NAT picks");
        if (assignment !== undefined) result.set(level, assignment);
        return;
      }
      case "interface":
        result.set(level, this.interfaceAddress(domain, manip));
        return;
      case "netmap": {
        const { network: net, mask } = address;
        const narrow = narrower(widthOf(field, space.family));
        const wide = space.family === 4 ? 0xffffffffn : (1n << 128n) - 1n;
        const table = Array.from({ length: domain.size }, (_, rank) =>
          domain.rankOf(fit(narrow((BigInt(domain.lowOf(rank) as number) & ~BigInt(mask) & wide) | BigInt(net)), space.family)),
        );
        result.set(level, { source: level, table });
      }
    }
  }

  /** One value of a range: the rank, or a choice between the ranks that it spans. */
  private picked(field: Field, low: number | bigint, high: number | bigint, about: string): Assignment | undefined {
    const { space } = this.results;
    const domain = space.domainOf(field);
    const first = domain.rankOf(fit(low, field === "saddr" || field === "daddr" ? space.family : 4));
    const last = domain.rankOf(fit(high, field === "saddr" || field === "daddr" ? space.family : 4));
    if (first === last) return { rank: first };
    const source = space.choiceLevel(`${field} ${low} ${high}`, about, last - first + 1);
    return { source, table: Array.from({ length: last - first + 1 }, (_, k) => first + k) };
  }

  /** MASQUERADE: an address of the interface that the packet leaves by; REDIRECT: of the one it came in on, or loopback in OUTPUT. */
  private interfaceAddress(domain: Domain, manip: Nat["manip"]): Assignment {
    const { space } = this.results;
    const { host } = space.surroundings.known;
    const { family } = space;
    if (manip === "destination" && this.hook === "OUTPUT") return { rank: domain.rankOf(family === 4 ? 0x7f000001 : 1n) };
    const field: Field = manip === "destination" ? "iif" : "oif";
    if (host !== undefined) {
      const names = space.domainOf(field);
      const byName = new Map(host.interfaces.map(({ name, addresses }) => [name, addresses.find(own => own.family === family)?.address]));
      const table = Array.from({ length: names.size }, (_, rank) =>
        domain.rankOf(byName.get(String(names.lowOf(rank))) ?? (family === 4 ? 0 : 0n)),
      );
      return { source: this.lowering.level(field), table };
    }
    // The source that MASQUERADE gives is taken to be an address that no rule names.
    if (manip === "source") return { rank: domain.rankOf(UNNAMED[family]) };
    return this.choice(domain, "which address the interface has", `interface ${field}`);
  }

  /** Kernel: ip6t_NPT.c: the prefix is replaced, and 16 bits after it make up for the checksum. */
  private prefix({ end, from, to }: Extract<Action, { do: "prefix" }>): Transform {
    const field: Field = end === "source" ? "saddr" : "daddr";
    const [low, high] = network(to.network, to.prefixLength, 6);
    const assignment = this.picked(field, low, high, "the address that prefix translation gives");
    const words = `${PREFIX_WORDS[end]} ${from.network}/${from.prefixLength} to ${to.network}/${to.prefixLength}`;
    return transform(new Map(assignment ? [[this.lowering.level(field), assignment]] : []), [words]);
  }
}

/** Numbers for IPv4, bigints for IPv6. */
const fit = (value: number | bigint, family: 4 | 6): number | bigint => (family === 4 ? Number(value) : BigInt(value));

const UNTRACKED = 4;
const SRC_NAT = 16;
const DST_NAT = 32;
