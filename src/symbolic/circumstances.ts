import { CT_STATE, type Field, type Value } from "../predicate/index.ts";
import { extract } from "./bit-groups.ts";
import { ConnectionView, TUPLES } from "./connection-view.ts";
import type { Diagram } from "./diagrams.ts";
import { lengthsOf, statusOf, tuplePorts, type Part, type SessionKind, type Shape } from "./kinds.ts";
import { CHANGING, LATER, MIRROR, PER_PACKET, type Instance } from "./level.ts";
import type { SessionPath } from "./session-end.ts";
import type { Space } from "./space.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY, LOCAL_SOURCE } from "./surroundings.ts";
import { assignmentOf, substituted, transform, type Assignment, type Transform } from "./transform.ts";
import type { Tracked } from "./untracked.ts";

/** What is known of packets of sessions before any rule is asked: their shape, their state, the connection that they belong to. */
export class Circumstances {
  private readonly space: Space;
  private readonly tracked: boolean;
  private readonly notracks: boolean;
  /** Is it known that no interface is a port of a bridge? */
  private readonly unbridged: boolean;
  /** Fields that rules ask for, by themselves or by what tracking remembers of them. */
  private readonly asked: ReadonlySet<Field>;
  readonly connection: ConnectionView;
  private readonly playedBy = new Map<Shape, Map<string, Map<number, number>>>();

  /** `tracked`: do any rules make the kernel track connections? `notracks`: may packets be kept from it? */
  constructor(space: Space, tracked: boolean, notracks: boolean) {
    this.space = space;
    this.tracked = tracked;
    this.notracks = notracks;
    const remembered = TUPLES.filter(([own]) => space.used.has(own)).map(([, field]) => field);
    this.asked = new Set([...space.used, ...remembered]);
    this.connection = new ConnectionView(space, notracks);
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
    if (instance === 1 || path === "in" || path === "forward") this.assume(known, "mark", 0, instance);
    for (const [field, value] of ORDINARY) this.assume(known, field, value, instance);
    if (this.unbridged) for (const field of BRIDGE_FIELDS) this.assume(known, field, undefined, instance);
    this.places(known, instance, path);
    return this.connection.seen(this.space.diagrams.assume(f, known), instance, change);
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

  /** The part of a mapping that rewrites destinations: what stands between the two NAT steps of an opener. */
  destinationPart(change: Transform): Transform {
    return this.mapping(change, DESTINATION_FIELDS);
  }

  /** The part that marks the connection, whoever looks at it. */
  statusPart(change: Transform): Transform {
    return this.mapping(change, STATUS_FIELDS);
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
  playing(f: Diagram, kind: SessionKind, role: Part, shape: Shape, instance: Instance, tracked?: Tracked): Diagram {
    if (f < 0) return f;
    const played = this.ofLength(
      this.answered(this.space.diagrams.assume(f, this.part(kind, role, shape, instance, tracked)), kind, instance),
      kind,
      shape,
      instance,
    );
    return role === "rest" ? this.later(played, instance) : played;
  }

  /** Servers send what is as urgent as anything, and echoes what is as urgent as it was asked. Kernel: icmp.c, icmp_reply. */
  private answered(f: Diagram, { icmpType }: SessionKind, instance: Instance): Diagram {
    const { space } = this;
    if (instance === 0 || f < 0 || !space.used.has("tos")) return f;
    const [asked, own] = [space.fieldLevel("tos"), space.fieldLevel("tos", 1)];
    const to: Assignment = icmpType === undefined ? { rank: space.domainOf("tos").rankOf(0) } : { source: asked, table: undefined };
    return substituted(space, f, transform(new Map([[own, to]]), []));
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

  private part(kind: SessionKind, role: Part, shape: Shape, instance: Instance, tracked: Tracked | undefined): ReadonlyMap<number, number> {
    let byRole = this.playedBy.get(shape);
    if (byRole === undefined) this.playedBy.set(shape, (byRole = new Map()));
    const key = `${kind.protocol} ${role} ${instance} ${tracked?.state} ${tracked?.status}`;
    let known = byRole.get(key);
    if (known === undefined) byRole.set(key, (known = this.partOf(kind, role, shape, instance, tracked ?? this.usual(role, shape))));
    return known;
  }

  /** What tracking says of packets that it sees all of; nothing where no rule makes it look. */
  private usual(role: Part, shape: Shape): Tracked {
    if (!this.tracked) return { state: CT_STATE.INVALID, status: undefined };
    return { state: role === "opener" ? CT_STATE.NEW : CT_STATE.ESTABLISHED, status: statusOf(role, shape) };
  }

  private partOf(kind: SessionKind, role: Part, shape: Shape, instance: Instance, { state, status }: Tracked): Map<number, number> {
    const known = new Map<number, number>();
    this.assume(known, "ctstate", state, instance);
    this.assume(known, "ctstatus", status, instance);
    // A connection has no time to expire at before it is in the table. Kernel: nf_conntrack.h, nf_ct_expires.
    if (role === "opener" && status !== undefined) this.assume(known, "ctexpire", 0, instance);
    for (const [field, value] of tuplePorts(kind)) this.assume(known, field, value, instance);
    this.assume(known, "protocol", kind.protocol, instance);
    for (const [field, value] of shape) if (field !== "ctstatus") this.assume(known, field, value, instance);
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

const STATUS_FIELDS: readonly Field[] = ["ctstatus"];
const DESTINATION_FIELDS: readonly Field[] = ["daddr", "dport", ...STATUS_FIELDS];
const ADDRESS_FIELDS: readonly Field[] = [...DESTINATION_FIELDS, "saddr", "sport"];
