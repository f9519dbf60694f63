import { type Field, type Value, CT_STATE } from "../predicate/index.ts";
import { extract } from "./bit-groups.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import { lengthsOf, STATUS, tuplePorts, type SessionKind, type Shape } from "./kinds.ts";
import { CHANGING, LATER, MIRROR, PER_PACKET } from "./level.ts";
import type { SessionPath } from "./session-end.ts";
import type { Space } from "./space.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY, LOCAL_SOURCE } from "./surroundings.ts";
import { assignmentOf, substituted, transform, type Assignment, type Transform } from "./transform.ts";
import { inRanks, REPLY_TUPLE, sameRanks } from "./tuple-ranks.ts";
import type { Tracked } from "./untracked.ts";

/** Which packet of a session is meant: 0 the client's, 1 the server's. */
export type Instance = 0 | 1;

/** What is known of packets of sessions before any rule is asked: their shape, their state, the connection that they belong to. */
export class Circumstances {
  private readonly space: Space;
  private readonly tracked: boolean;
  /** Is it known that no interface is a port of a bridge? */
  private readonly unbridged: boolean;
  /** Fields that rules ask for, by themselves or by what tracking remembers of them. */
  private readonly asked: ReadonlySet<Field>;
  private readonly playedBy = new Map<Shape, Map<string, Map<number, number>>>();

  /** `tracked`: do any rules make the kernel track connections? */
  constructor(space: Space, tracked: boolean) {
    this.space = space;
    this.tracked = tracked;
    const remembered = [...OWN_ADDRESSES, ...OWN_PORTS].filter(([own]) => space.used.has(own)).map(([, field]) => field);
    this.asked = new Set([...space.used, ...remembered]);
    const { host } = space.surroundings.known;
    this.unbridged = host !== undefined && host.interfaces.every(({ bridge }) => bridge === undefined);
  }

  /** What a hook sees of interfaces: "" where there is none; undefined leaves the level open. Names are those of the packet itself. */
  interfaces(f: Diagram, input: string | undefined, output: string | undefined, instance: Instance): Diagram {
    const known = new Map<number, number>();
    if (input !== undefined) this.assume(known, "iif", input, instance);
    if (output !== undefined) this.assume(known, "oif", output, instance);
    return this.space.diagrams.assume(f, known);
  }

  /** What a machine sees of packets that it passes on: it lowers the hop count before FORWARD. Kernel: ip_forward.c, ip_forward. */
  passedOn(f: Diagram, instance: Instance): Diagram {
    if (!this.space.used.has("ttl")) return f;
    const domain = this.space.domainOf("ttl");
    const level = this.space.fieldLevel("ttl", instance);
    const table = Array.from({ length: domain.size }, (_, rank) => domain.rankOf(Math.max(0, Number(domain.lowOf(rank)) - 1)));
    return substituted(this.space, f, transform(new Map([[level, { source: level, table }]]), []));
  }

  /** Marks of a fresh packet, the connection's own tuple, and what the path says of addresses. */
  initial(f: Diagram, instance: Instance, path: SessionPath, change?: Transform): Diagram {
    if (f < 0) return f;
    const known = new Map<number, number>();
    this.assume(known, "pkttype", 0, instance);
    const here = instance === 0 ? path === "out" || path === "local" : path === "in" || path === "local";
    if (here) this.assume(known, "mac", undefined, instance);
    // No program of this machine sends what it receives or passes on.
    else for (const [field, value] of UNOWNED) this.assume(known, field, value, instance);
    // Only programs of the client's side may mark what they send.
    if (instance === 1) this.assume(known, "tos", 0, 1);
    if (instance === 1 || path === "in" || path === "forward") this.assume(known, "mark", 0, instance);
    for (const [field, value] of ORDINARY) this.assume(known, field, value, instance);
    if (this.unbridged) for (const field of BRIDGE_FIELDS) this.assume(known, field, undefined, instance);
    for (const group of this.space.groupsOf("ctmark") ?? []) {
      const level = this.space.fieldLevel("ctmark", 0, group);
      known.set(level, this.afterwards(change && assignmentOf(change, level), level, group.domain.rankOf(0n)));
    }
    this.places(known, instance, path);
    return this.space.diagrams.assume(this.withTuple(f, change), known);
  }

  /** What a mark of the connection is once the opener is through: it begins as 0, as the packet's does. */
  private afterwards(to: Assignment | undefined, level: number, unmarked: number): number {
    if (to === undefined) return unmarked;
    if (to.rank !== undefined) return to.rank;
    if (to.table === undefined) return unmarked;
    const source = this.space.levels[to.source];
    const start = to.source === level ? unmarked : source?.is === "field" ? source.domain.rankOf(0n) : 0;
    return to.table[start] ?? unmarked;
  }

  /** Without a host, a path says which addresses are the machine's own. */
  private places(known: Map<number, number>, instance: Instance, path: SessionPath): void {
    const client = path === "out" || path === "local";
    const server = path === "in" || path === "local";
    const [source, destination] = instance === 0 ? [client, server] : [server, client];
    known.set(this.space.conditionLevel("surroundings local saddr", LOCAL_SOURCE, instance), Number(source));
    // NAT decides it for what comes in.
    if (instance === 1 || client)
      known.set(this.space.conditionLevel(LOCAL_DESTINATION_KEY, LOCAL_DESTINATION, instance), Number(destination));
  }

  /** The tuple that tracking remembers is the opener's, as it was sent, and its answer's, as NAT makes it. Packets without ports have their kind's. */
  private withTuple(f: Diagram, change: Transform | undefined): Diagram {
    const { space } = this;
    const addressed = substituted(space, f, this.ownTuple(change, OWN_ADDRESSES));
    if (addressed < 0 || !OWN_PORTS.some(([own]) => space.used.has(own))) return addressed;
    const ported = substituted(space, addressed, this.ownTuple(change, OWN_PORTS));
    const domain = space.domainOf("dport");
    const present = space.diagrams.interval(space.fieldLevel("dport"), Number(domain.optional), domain.size - 1, domain.size - 1, YES, NO);
    return space.diagrams.choose(present, ported, addressed);
  }

  private ownTuple(change: Transform | undefined, tuple: typeof OWN_PORTS): Transform {
    const assignments = new Map<number, Assignment>();
    for (const [own, field] of tuple) {
      if (!this.space.used.has(own)) continue;
      const level = this.space.fieldLevel(own);
      const source = this.space.fieldLevel(field);
      const to = change && assignmentOf(change, source);
      const table = sameRanks(this.space, field, own);
      assignments.set(level, to !== undefined && REPLY_TUPLE[field] === own ? inRanks(to, table) : { source, table });
    }
    return transform(assignments, []);
  }

  /** The part of a mapping that rewrites destinations: what stands between the two NAT steps of an opener. */
  destinationPart(change: Transform): Transform {
    return this.mapping(change, DESTINATION_FIELDS);
  }

  addressPart(change: Transform): Transform {
    return this.mapping(change, ADDRESS_FIELDS);
  }

  private mapping(change: Transform, fields: readonly Field[]): Transform {
    const kept = new Map<number, Assignment>();
    for (const field of fields) {
      const groups = this.space.groupsOf(field) ?? [undefined];
      for (const group of groups) {
        const level = this.space.fieldLevel(field, 0, group);
        const to = assignmentOf(change, level);
        if (to !== undefined) kept.set(level, to);
      }
    }
    return transform(kept, []);
  }

  /** Packets that play a part in sessions of a kind; `tracked` is what tracking says of them where that is not the usual. */
  playing(f: Diagram, kind: SessionKind, role: keyof typeof STATUS, shape: Shape, instance: Instance, tracked?: Tracked): Diagram {
    if (f < 0) return f;
    const played = this.ofLength(this.space.diagrams.assume(f, this.part(kind, role, shape, instance, tracked)), kind, shape, instance);
    return role === "rest" ? this.later(played, instance) : played;
  }

  /** The opener and the answer say nothing of how long the packets after them are, or of how long the connection has left then. */
  private later(f: Diagram, instance: Instance): Diagram {
    const { space } = this;
    const renamed = new Map<number, Assignment>();
    for (const field of CHANGING) {
      if (!space.used.has(field)) continue;
      const level = space.fieldLevel(field, instance);
      if (space.diagrams.asks(f, level)) renamed.set(level, { source: space.fieldLevel(field, instance + LATER), table: undefined });
    }
    return renamed.size === 0 ? f : substituted(space, f, transform(renamed, []));
  }

  /** No packet is shorter than its headers, or longer than they are where nothing follows them: other lengths count as the nearest that it can have. */
  private ofLength(f: Diagram, kind: SessionKind, shape: Shape, instance: Instance): Diagram {
    if (f < 0 || !this.space.used.has("length")) return f;
    const level = this.space.fieldLevel("length", instance);
    if (!this.space.diagrams.asks(f, level)) return f;
    const domain = this.space.domainOf("length");
    const [least, most] = lengthsOf(this.space.family, kind.protocol, shape).map(length => domain.rankOf(length)) as [number, number];
    const table = Array.from({ length: domain.size }, (_, rank) => Math.min(Math.max(rank, least), most));
    return substituted(this.space, f, transform(new Map([[level, { source: level, table }]]), []));
  }

  private part(
    kind: SessionKind,
    role: keyof typeof STATUS,
    shape: Shape,
    instance: Instance,
    tracked: Tracked | undefined,
  ): ReadonlyMap<number, number> {
    let byRole = this.playedBy.get(shape);
    if (byRole === undefined) this.playedBy.set(shape, (byRole = new Map()));
    const key = `${kind.protocol} ${role} ${instance} ${tracked?.state} ${tracked?.status}`;
    let known = byRole.get(key);
    if (known === undefined) byRole.set(key, (known = this.partOf(kind, role, shape, instance, tracked ?? this.usual(role))));
    return known;
  }

  /** What tracking says of packets that it sees all of; nothing where no rule makes it look. */
  private usual(role: keyof typeof STATUS): Tracked {
    if (!this.tracked) return { state: CT_STATE.INVALID, status: undefined };
    return { state: role === "opener" ? CT_STATE.NEW : CT_STATE.ESTABLISHED, status: STATUS[role] };
  }

  private partOf(
    kind: SessionKind,
    role: keyof typeof STATUS,
    shape: Shape,
    instance: Instance,
    { state, status }: Tracked,
  ): Map<number, number> {
    const known = new Map<number, number>();
    this.assume(known, "ctstate", state, instance);
    this.assume(known, "ctstatus", status, instance);
    for (const [field, value] of tuplePorts(kind)) this.assume(known, field, value, instance);
    this.assume(known, "protocol", kind.protocol, instance);
    for (const [field, value] of shape) this.assume(known, field, value, instance);
    return known;
  }

  /** One field of a packet is known; undefined means that it is absent. */
  assume(known: Map<number, number>, field: Field, value: Value, instance: Instance = 0): void {
    const { space } = this;
    if (!this.asked.has(field)) return;
    const mirrored = instance === 1 ? (MIRROR[field] ?? field) : field;
    const own = PER_PACKET.has(field) ? instance : 0;
    const groups = space.groupsOf(field);
    if (groups === undefined) {
      known.set(space.fieldLevel(mirrored, own), space.domainOf(field).rankOf(value));
      return;
    }
    for (const group of groups)
      known.set(space.fieldLevel(mirrored, own, group), value === undefined ? 0 : group.domain.rankOf(extract(BigInt(value), group.mask)));
  }
}

/** What packets of sessions have unless someone makes them otherwise: sessions are made of ordinary packets. */
const ORDINARY: readonly (readonly [Field, Value])[] = [
  ["ttl", 64],
  ["fragid", undefined],
  ["mhtype", undefined],
  ["extheaders", 1],
  ["realm", 0],
  ["cthelper", undefined],
  ["ctlabels", undefined],
  ["ipsecin", 0],
  ["ipsecout", 0],
];

/** What the sender of a packet of another machine is to this one. */
const UNOWNED: readonly (readonly [Field, Value])[] = [
  ["socket", 0],
  ["uid", undefined],
  ["gid", undefined],
  ["cgroup", undefined],
  ["cgrouppath", undefined],
];

/** What only packets that cross a bridge have. */
const BRIDGE_FIELDS: readonly Field[] = ["physin", "physout", "bridged"];

/** Fields of the connection's tuples, and the fields of an opener that they begin as. */
const OWN_ADDRESSES: readonly (readonly [own: Field, field: Field])[] = [
  ["ctproto", "protocol"],
  ["ctorigsrc", "saddr"],
  ["ctorigdst", "daddr"],
  ["ctreplsrc", "daddr"],
  ["ctrepldst", "saddr"],
];
const OWN_PORTS: readonly (readonly [own: Field, field: Field])[] = [
  ["ctorigsrcport", "sport"],
  ["ctorigdstport", "dport"],
  ["ctreplsrcport", "dport"],
  ["ctrepldstport", "sport"],
];

const DESTINATION_FIELDS: readonly Field[] = ["daddr", "dport", "ctstatus"];
const ADDRESS_FIELDS: readonly Field[] = ["daddr", "dport", "saddr", "sport", "ctstatus"];
