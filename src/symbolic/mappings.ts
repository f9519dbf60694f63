import { selectAddress4, selectAddress6, type Host, type Interface } from "../host/index.ts";
import { CT_STATUS, type Action, type Family, type Field, type Nat, type Scalar } from "../predicate/index.ts";
import type { Hook } from "../xtables/index.ts";
import { network } from "./address-types.ts";
import { widthOf } from "./bit-groups.ts";
import { narrower } from "./constants.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import type { Domain } from "./domain.ts";
import { LOOPBACK_NETWORK } from "./loopback.ts";
import type { Lowering } from "./lower.ts";
import { natText } from "./nat-text.ts";
import type { Results } from "./outcome.ts";
import { PREFIX_WORDS } from "./prefix-answers.ts";
import { choice } from "./rank-tables.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY } from "./surroundings.ts";
import { together, transform, type Assignment, type Transform } from "./transform.ts";
import { inRanks, REPLY_TUPLE, sameRanks } from "./tuple-ranks.ts";
import { MAPPED, unchanged, type End } from "./unchanged.ts";
import { UNNAMED } from "./unnamed.ts";

/** What gives packets other addresses, as leaves: NAT, and translation of prefixes. */
export class Mappings {
  private readonly results: Results;
  private readonly lowering: Lowering;
  private readonly hook: Hook;

  /** `hook` tells which end NETMAP changes, and whose address MASQUERADE and REDIRECT take. */
  constructor(results: Results, lowering: Lowering, hook: Hook) {
    this.results = results;
    this.lowering = lowering;
    this.hook = hook;
  }

  /** A mapping, which marks the connections that it changes. Kernel: nf_nat_core.c, nf_nat_setup_info. */
  nat(action: Nat): Diagram {
    const { results } = this;
    const { space } = results;
    const end = this.endOf(action);
    const change = this.mapping(action, end);
    const bit = space.groupsOf("ctstatus")?.find(({ mask }) => mask === NAT_STATUS[end]);
    const mapped = results.leaf("accept", change);
    if (bit === undefined || !space.used.has("ctstatus")) return mapped;
    const marked = transform(new Map([[this.lowering.level("ctstatus", bit), { rank: bit.domain.rankOf(1n) }]]), []);
    const kept = this.kept(action, end, change);
    return space.diagrams.choose(kept, mapped, results.leaf("accept", together(change, marked)));
  }

  /** Packets that a mapping leaves as they are: NETMAP those that are in the network already. */
  private kept({ address }: Nat, end: End, change: Transform): Diagram {
    const { space } = this.results;
    const fields = MAPPED[end].map(field => this.lowering.seen(field));
    if (address.from !== "netmap") return unchanged(space, change, fields);
    const domain = space.domainOf(MAPPED[end][0]);
    const inside = (value: Scalar): boolean => ((BigInt(value) ^ BigInt(address.network)) & BigInt(address.mask)) === 0n;
    const spans: [number, number][] = [];
    for (let rank = 0; rank < domain.size; rank++) if (domain.rangeOf(rank).every(inside)) spans.push([rank, rank]);
    return space.diagrams.intervals(this.lowering.level(MAPPED[end][0]), spans, domain.size - 1, YES, NO);
  }

  private endOf({ address, manip }: Nat): End {
    if (address.from !== "netmap") return manip;
    return this.hook === "POSTROUTING" || this.hook === "INPUT" ? "source" : "destination";
  }

  private mapping(action: Nat, end: End): Transform {
    const result = new Map<number, Assignment>();
    const [field, port] = MAPPED[end];
    this.natAddress(action, field, result);
    if (action.ports !== undefined) {
      const about = `the port that NAT picks from ${action.ports.join("-")}`;
      const assignment = this.picked(port, action.ports[0], action.ports[1], about);
      if (assignment !== undefined) result.set(this.lowering.level(port), assignment);
    }
    for (const changed of [field, port]) this.inReply(changed, result);
    if (end === "destination") this.movesDestination(action, result);
    return transform(result, [natText({ ...action, manip: end }, this.results.space.family)]);
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
      const given = manip === "source" ? masqueradeAddress : redirectAddress;
      const byName = new Map(host.interfaces.map(device => [device.name, given(host, device, family)]));
      const table = Array.from({ length: names.size }, (_, rank) =>
        domain.rankOf(byName.get(String(names.lowOf(rank))) ?? (family === 4 ? 0 : 0n)),
      );
      return { source: this.lowering.level(field), table };
    }
    // The source that MASQUERADE gives is taken to be an address that no rule names.
    if (manip === "source") return { rank: domain.rankOf(UNNAMED[family]) };
    return choice(space, domain, "which address the interface has", `interface ${field}`);
  }

  /** Kernel: ip6t_NPT.c: the prefix is replaced, and 16 bits after it make up for the checksum. */
  prefix({ end, from, to }: Extract<Action, { do: "prefix" }>): Transform {
    const field: Field = end === "source" ? "saddr" : "daddr";
    const [low, high] = network(to.network, to.prefixLength, 6);
    const assignment = this.picked(field, low, high, "the address that prefix translation gives");
    const words = `${PREFIX_WORDS[end]} ${from.network}/${from.prefixLength} to ${to.network}/${to.prefixLength}`;
    return transform(new Map(assignment ? [[this.lowering.level(field), assignment]] : []), [words]);
  }
}

/** What MASQUERADE gives packets that go far: on loopback, another interface's. Kernel: devinet.c, inet_select_addr. */
const masqueradeAddress = (host: Host, device: Interface, family: Family): Scalar | undefined =>
  family === 4 ? selectAddress4(host, device, Number(UNNAMED[4])) : selectAddress6(host, device, BigInt(UNNAMED[6]));

const redirectAddress = (_host: Host, { addresses }: Interface, family: Family): Scalar | undefined =>
  addresses.find(own => own.family === family)?.address;

/** Numbers for IPv4, bigints for IPv6. */
const fit = (value: number | bigint, family: Family): number | bigint => (family === 4 ? Number(value) : BigInt(value));

const NAT_STATUS: Readonly<Record<End, bigint>> = { source: BigInt(CT_STATUS.SRC_NAT), destination: BigInt(CT_STATUS.DST_NAT) };
