import { all, among, any, CT_STATE, named, type Family, type Field, type Predicate, type Range, type Value } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import type { Observed } from "./chain.ts";
import { NO, type Diagram } from "./diagrams.ts";
import { Lowering } from "./lower.ts";
import { routeTests, type RouteTests } from "./routes.ts";
import { extract } from "./bit-groups.ts";
import { clientView, HookDiagrams, serverView, tracks, untracks } from "./hooks.ts";
import { sessionKinds, STATUS, type SessionKind, type Shape } from "./kinds.ts";
import { MIRROR, PER_PACKET } from "./level.ts";
import type { Ending, Results } from "./outcome.ts";
import type { Space } from "./space.ts";
import { LOCAL_DESTINATION, LOCAL_SOURCE } from "./surroundings.ts";
import { substituted, transform, type Assignment, type Transform } from "./transform.ts";

/** Where sessions go: to this machine, from it, through it, or over its loopback. */
export type SessionPath = "in" | "out" | "forward" | "local";

/** The parts that packets play. */
export type SessionRole = "opener" | "answer" | "rest-client" | "rest-server";

/** What a leaf of a diagram of sessions stands for. */
export interface SessionEnd {
  /** `elsewhere`: not a session of this path. */
  readonly end: "usable" | "half-open" | "refused" | "elsewhere";
  /** The first part that fails; undefined for usable sessions. */
  readonly role: SessionRole | undefined;
  /** How that packet ends. */
  readonly ending: Ending | undefined;
  /** Of rejections: how. */
  readonly detail: string;
  /** NAT (and what else is observed) of the opener. */
  readonly effects: readonly string[];
}

/** Sessions of one kind on one path: each level asks for the client's packet that opens it, as it is sent. */
export interface KindSessions {
  readonly kind: SessionKind;
  readonly diagram: Diagram;
}

/** The part of a path before NAT has rewritten the packet, and the part after it. */
interface Halves {
  readonly before: Diagram;
  readonly nat: Diagram;
  readonly after: Diagram;
  /** NAT of sources, behind everything else. */
  readonly last: Diagram;
}

/** A ruleset's sessions and packets, path by path. */
export class Sessions {
  readonly space: Space;
  readonly results: Results;
  readonly ruleset: Ruleset;
  readonly client: HookDiagrams;
  readonly server: HookDiagrams;
  readonly kinds: readonly SessionKind[];
  private readonly tracked: boolean;
  private readonly notracks: boolean;
  private readonly routes: RouteTests | undefined;
  private readonly routing: Lowering;
  private readonly known = new Map<SessionPath, readonly KindSessions[]>();
  private readonly paths = new Map<SessionPath, Diagram>();
  private readonly halves = new Map<string, Halves>();
  private readonly parts = new Map<string, Diagram>();
  private readonly playedBy = new Map<Shape, Map<string, Map<number, number>>>();

  constructor(ruleset: Ruleset, results: Results, observe: Observed = { effects: false }) {
    this.ruleset = ruleset;
    this.results = results;
    this.space = results.space;
    this.tracked = tracks(ruleset);
    this.notracks = untracks(ruleset);
    const { host } = this.space.surroundings.known;
    this.routes = host && routeTests(host, this.space.family);
    this.client = new HookDiagrams(ruleset, results, clientView(this.space), observe);
    this.server = new HookDiagrams(ruleset, results, serverView(this.space, this.notracks ? undefined : CT_STATE.ESTABLISHED), observe);
    this.routing = new Lowering(this.space, clientView(this.space));
    this.kinds = sessionKinds(this.space.family, this.space.protocols);
  }

  /** What becomes of a single packet of the original direction on a path, by its state and its shape; leaves are results. */
  packets(path: SessionPath): Diagram {
    let result = this.paths.get(path);
    if (result === undefined) {
      const { before, nat, after, last } = this.clientHalves(path);
      result = this.client.sequence([before, nat, after, last]);
      result = this.queuesOpen(this.initial(result, 0, path));
      this.paths.set(path, result);
    }
    return result;
  }

  /** What becomes of the sessions on a path, kind by kind; leaves are `SessionEnd`s. */
  on(path: SessionPath): readonly KindSessions[] {
    let result = this.known.get(path);
    if (result === undefined) {
      result = this.kinds.map(kind => ({ kind, diagram: this.ofKind(path, kind) }));
      this.known.set(path, result);
    }
    return result;
  }

  /** The end that a leaf stands for. */
  endOf(leaf: Diagram): SessionEnd {
    return this.space.valueOf(leaf) as SessionEnd;
  }

  private ofKind(path: SessionPath, kind: SessionKind): Diagram {
    const { diagrams } = this.space;
    const opened = this.playing(this.packets(path), kind, "opener", kind.opener, 0);
    const open = new Set(diagrams.leavesOf(opened).filter(leaf => this.results.of(leaf).ending === "accept"));
    const refused = (leaf: Diagram): Diagram => {
      const { ending, detail } = this.results.of(leaf);
      const end = ending === "elsewhere" ? "elsewhere" : "refused";
      return this.end({ end, role: "opener", ending, detail, effects: [] });
    };
    if (open.size > FEW) {
      // Each mapping leaves little of what comes after it, so that it is worked out by itself.
      const memo = new Map<Diagram, Diagram>();
      return diagrams.bind(opened, leaf => {
        if (!open.has(leaf)) return refused(leaf);
        let rest = memo.get(leaf);
        if (rest === undefined) memo.set(leaf, (rest = this.followed(this.hole(leaf), this.hole(leaf), path, kind, this.results.of(leaf).transform)));
        return rest;
      });
    }
    // The parts that come later are asked about sessions only that get so far.
    let result = diagrams.mapLeaves(opened, leaf => (open.has(leaf) ? this.hole(leaf) : refused(leaf)));
    for (const leaf of open) result = this.followed(result, this.hole(leaf), path, kind, this.results.of(leaf).transform);
    return result;
  }

  private once(key: string, make: () => Diagram): Diagram {
    let result = this.parts.get(key);
    if (result === undefined) this.parts.set(key, (result = make()));
    return result;
  }

  private hole(leaf: Diagram): Diagram {
    return this.space.leaf(`open ${leaf}`, undefined);
  }

  /** Sessions with the hole filled in: what becomes of those whose opener got through and was changed so. */
  private followed(sessions: Diagram, hole: Diagram, path: SessionPath, kind: SessionKind, change: Transform): Diagram {
    const { diagrams } = this.space;
    const { effects } = change;
    const answer = this.once(`server ${path} ${change.key}`, () => this.serverPart(path, change));
    const client = this.once(`client ${path} ${change.key}`, () => this.clientPart(path, change));
    const parts: [Diagram, SessionRole][] = [
      [this.playing(answer, kind, "answer", kind.answer, 1), "answer"],
      ...kind.restClient.map((shape): [Diagram, SessionRole] => [this.playing(client, kind, "rest", shape, 0), "rest-client"]),
      ...kind.restServer.map((shape): [Diagram, SessionRole] => [this.playing(answer, kind, "rest", shape, 1), "rest-server"]),
    ];
    let result = sessions;
    for (const [part, role] of parts) {
      const next = diagrams.mapLeaves(part, leaf => {
        const { ending, detail } = this.results.of(leaf);
        return ending === "accept" ? hole : this.end({ end: "half-open", role, ending, detail, effects });
      });
      result = diagrams.replace(result, hole, next);
    }
    return diagrams.replace(result, hole, this.end({ end: "usable", role: undefined, ending: undefined, detail: "", effects }));
  }

  private end(end: SessionEnd): Diagram {
    return this.space.leaf(`session ${end.end} ${end.role} ${end.ending} ${end.detail} ${end.effects.join(";")}`, end);
  }

  /** Later packets of the client: NAT does to them what it did to the opener. */
  private clientPart(path: SessionPath, change: Transform): Diagram {
    const { before, after } = this.clientHalves(path);
    const mapped = this.results.after(this.destinationPart(change), after);
    const whole = this.results.then(before, "accept", this.results.accept, mapped);
    return this.state(this.queuesOpen(this.initial(whole, 0, path, change)), change);
  }

  /** Packets of the server, which meet the mapping in reverse. */
  private serverPart(path: SessionPath, change: Transform): Diagram {
    const { before, after } = this.serverHalves(path);
    const inner = this.results.after(this.destinationPart(change), after);
    const outer = this.results.after(this.addressPart(change), before);
    const whole = this.results.then(outer, "accept", this.results.accept, inner);
    return this.state(this.queuesOpen(this.initial(whole, 1, path, change)), change);
  }

  /** Packets after an opener that was not tracked are not tracked either, or new to tracking. */
  private state(f: Diagram, change: Transform): Diagram {
    if (!this.notracks) return f;
    const level = this.space.fieldLevel("ctstate");
    const untracked = change.assignments.get(level)?.rank === this.space.domainOf("ctstate").rankOf(CT_STATE.UNTRACKED);
    return untracked ? this.space.diagrams.restrict(f, level, this.space.domainOf("ctstate").rankOf(CT_STATE.NEW)) : f;
  }

  private clientHalves(path: SessionPath): Halves {
    return this.remembered(`client ${path}`, () => {
      const { client: hooks } = this;
      const stage = hooks.stage.bind(hooks);
      const at = (f: Diagram, input: string | undefined, output: string | undefined): Diagram => this.interfaces(f, input, output, 0);
      const pre = (input: string | undefined): Diagram => at(hooks.sequence([stage("PREROUTING", "raw"), stage("PREROUTING", "mangle")]), input, "");
      const looped = (name: string): Diagram =>
        at(hooks.sequence([stage("PREROUTING", "raw", true), stage("PREROUTING", "mangle")]), name, "");
      const dnat = (input: string | undefined): Diagram => at(stage("PREROUTING", "nat"), input, "");
      const post = (input: string | undefined, output: string | undefined): Diagram => at(stage("POSTROUTING", "mangle"), input, output);
      const snat = (input: string | undefined, output: string | undefined): Diagram => at(stage("POSTROUTING", "nat"), input, output);
      const input = (name: string | undefined): Diagram =>
        at(hooks.sequence([stage("INPUT", "mangle"), stage("INPUT", "filter"), stage("INPUT", "security")]), name, "");
      const outputBefore = (output: string | undefined): Diagram => at(hooks.sequence([stage("OUTPUT", "raw"), stage("OUTPUT", "mangle")]), "", output);
      const outputAfter = (output: string | undefined): Diagram => at(hooks.sequence([stage("OUTPUT", "filter"), stage("OUTPUT", "security")]), "", output);
      switch (path) {
        case "in":
          return { before: pre(undefined), nat: dnat(undefined), after: hooks.sequence([this.routed("in"), input(undefined)]), last: at(stage("INPUT", "nat"), undefined, "") };
        case "forward":
          return {
            before: pre(undefined),
            nat: dnat(undefined),
            after: hooks.sequence([
              this.routed("forward"),
              stage("FORWARD", "mangle"),
              stage("FORWARD", "filter"),
              stage("FORWARD", "security"),
              post(undefined, undefined),
            ]),
            last: snat(undefined, undefined),
          };
        case "out":
          return {
            before: outputBefore(undefined),
            nat: at(stage("OUTPUT", "nat"), "", undefined),
            after: hooks.sequence([this.routed("out"), outputAfter(undefined), post("", undefined)]),
            last: snat("", undefined),
          };
        case "local":
          return {
            before: hooks.sequence([this.setOut(), outputBefore(undefined)]),
            nat: at(stage("OUTPUT", "nat"), "", undefined),
            after: hooks.sequence([this.routed("local"), outputAfter("lo"), post("", "lo"), snat("", "lo"), looped("lo"), input("lo")]),
            last: this.results.accept,
          };
      }
    });
  }

  /** Where routing takes the client's packets once NAT has rewritten their destinations; without a host, where the path says. */
  private routed(path: SessionPath): Diagram {
    const { routes } = this;
    const { diagrams } = this.space;
    const set = (predicate: Predicate): Diagram => this.routing.set(predicate);
    if (routes === undefined) {
      const looped = set(any(among("daddr", LOOPBACK_NETWORK[this.space.family]), named("oif", "lo")));
      return path === "out" ? this.onlyFor(diagrams.not(looped)) : path === "local" ? this.onlyFor(looped) : this.results.accept;
    }
    const local = set(routes.local("daddr"));
    const own = set(routes.local("saddr"));
    switch (path) {
      case "in":
        return this.onlyFor(diagrams.minus(diagrams.and(local, set(routes.leaves("saddr", "iif"))), own));
      case "forward": {
        const ways = diagrams.and(set(routes.leaves("daddr", "oif")), set(routes.leaves("saddr", "iif")));
        return this.onlyFor(routes.forwards ? diagrams.minus(ways, diagrams.or(local, own)) : NO);
      }
      case "out":
        return this.onlyFor(diagrams.and(own, diagrams.minus(set(routes.leaves("daddr", "oif")), local)));
      case "local":
        return this.onlyFor(diagrams.and(own, local));
    }
  }

  /** The interface that packets of this machine set out for, before NAT sends them elsewhere. */
  private setOut(): Diagram {
    const { routes } = this;
    if (routes === undefined) return this.results.accept;
    return this.onlyFor(this.routing.set(any(all(routes.local("daddr"), named("oif", "lo")), routes.leaves("daddr", "oif"))));
  }

  private onlyFor(set: Diagram): Diagram {
    return this.space.diagrams.choose(set, this.results.accept, this.results.leaf("elsewhere"));
  }

  private serverHalves(path: SessionPath): Halves {
    return this.remembered(`server ${path}`, () => {
      const { server: hooks } = this;
      const stage = hooks.stage.bind(hooks);
      const at = (f: Diagram, input: string | undefined, output: string | undefined): Diagram => this.interfaces(f, input, output, 1);
      const pre = (input: string | undefined): Diagram => at(hooks.sequence([stage("PREROUTING", "raw"), stage("PREROUTING", "mangle")]), input, "");
      const input = (name: string | undefined): Diagram =>
        at(hooks.sequence([stage("INPUT", "mangle"), stage("INPUT", "filter"), stage("INPUT", "security")]), name, "");
      const looped = (name: string): Diagram =>
        at(hooks.sequence([stage("PREROUTING", "raw", true), stage("PREROUTING", "mangle")]), name, "");
      const output = (name: string | undefined): Diagram =>
        hooks.sequence([
          at(hooks.sequence([stage("OUTPUT", "raw"), stage("OUTPUT", "mangle"), stage("OUTPUT", "filter"), stage("OUTPUT", "security")]), "", name),
          at(stage("POSTROUTING", "mangle"), "", name),
        ]);
      const nothing = { nat: this.results.accept, last: this.results.accept };
      switch (path) {
        case "in":
          return { ...nothing, before: this.results.accept, after: output(undefined) };
        case "forward":
          return {
            ...nothing,
            before: pre(undefined),
            after: hooks.sequence([stage("FORWARD", "mangle"), stage("FORWARD", "filter"), stage("FORWARD", "security"), stage("POSTROUTING", "mangle")]),
          };
        case "out":
          return { ...nothing, before: pre(undefined), after: input(undefined) };
        case "local":
          return { ...nothing, before: this.results.accept, after: hooks.sequence([output("lo"), looped("lo"), input("lo")]) };
      }
    });
  }

  private remembered(key: string, make: () => Halves): Halves {
    let result = this.halves.get(key);
    if (result === undefined) this.halves.set(key, (result = make()));
    return result;
  }

  /** What a hook sees of interfaces: "" where there is none; undefined leaves the level open. Names are those of the packet itself. */
  private interfaces(f: Diagram, input: string | undefined, output: string | undefined, instance: number): Diagram {
    const known = new Map<number, number>();
    if (input !== undefined) this.assume(known, "iif", input, instance);
    if (output !== undefined) this.assume(known, "oif", output, instance);
    return this.space.diagrams.assume(f, known);
  }

  /** Marks of a fresh packet, the connection's own tuple, and what the path says of addresses. */
  private initial(f: Diagram, instance: number, path: SessionPath, change?: Transform): Diagram {
    if (f < 0) return f;
    const known = new Map<number, number>();
    this.assume(known, "pkttype", 0, instance);
    // Only programs of the client's side may mark what they send.
    if (instance === 1 || path === "in" || path === "forward") this.assume(known, "mark", 0, instance);
    for (const [field, value] of ORDINARY) this.assume(known, field, value, instance);
    for (const group of this.space.groupsOf("ctmark") ?? []) {
      const level = this.space.fieldLevel("ctmark", 0, group);
      known.set(level, change?.assignments.get(level)?.rank ?? group.domain.rankOf(0n));
    }
    this.places(known, instance, path);
    return this.space.diagrams.assume(substituted(this.space, f, this.ownTuple(change)), known);
  }

  /** Without a host, a path says which addresses are the machine's own. */
  private places(known: Map<number, number>, instance: number, path: SessionPath): void {
    const client = path === "out" || path === "local";
    const server = path === "in" || path === "local";
    const [source, destination] = instance === 0 ? [client, server] : [server, client];
    known.set(this.space.conditionLevel("surroundings local saddr", LOCAL_SOURCE, instance), Number(source));
    known.set(this.space.conditionLevel("surroundings local daddr", LOCAL_DESTINATION, instance), Number(destination));
  }

  /** The tuple that tracking remembers is the opener's, as it was sent, and its answer's, as NAT makes it. */
  private ownTuple(change: Transform | undefined): Transform {
    const assignments = new Map<number, Assignment>();
    for (const [own, field] of OWN_TUPLE) {
      if (!this.space.used.has(own)) continue;
      const level = this.space.fieldLevel(own);
      const source = this.space.fieldLevel(field);
      const to = change?.assignments.get(source);
      assignments.set(level, to !== undefined && REPLY_TUPLE.has(own) ? to : { source, table: sameRanks(this.space, field, own) });
    }
    return transform(assignments, []);
  }

  /** The part of a mapping that rewrites destinations: what stands between the two NAT steps of an opener. */
  private destinationPart(change: Transform): Transform {
    return this.mapping(change, DESTINATION_FIELDS);
  }

  private addressPart(change: Transform): Transform {
    return this.mapping(change, ADDRESS_FIELDS);
  }

  private mapping({ assignments }: Transform, fields: readonly Field[]): Transform {
    const kept = new Map<number, Assignment>();
    for (const field of fields) {
      const groups = this.space.groupsOf(field) ?? [undefined];
      for (const group of groups) {
        const level = this.space.fieldLevel(field, 0, group);
        const to = assignments.get(level);
        if (to !== undefined) kept.set(level, to);
      }
    }
    return transform(kept, []);
  }

  /** Packets that play a part in sessions of a kind. */
  private playing(f: Diagram, kind: SessionKind, role: keyof typeof STATUS, shape: Shape, instance: number): Diagram {
    return f < 0 ? f : this.space.diagrams.assume(f, this.part(kind, role, shape, instance));
  }

  private part(kind: SessionKind, role: keyof typeof STATUS, shape: Shape, instance: number): ReadonlyMap<number, number> {
    let byRole = this.playedBy.get(shape);
    if (byRole === undefined) this.playedBy.set(shape, (byRole = new Map()));
    const key = `${kind.protocol} ${role} ${instance}`;
    let known = byRole.get(key);
    if (known === undefined) byRole.set(key, (known = this.partOf(kind, role, shape, instance)));
    return known;
  }

  private partOf(kind: SessionKind, role: keyof typeof STATUS, shape: Shape, instance: number): Map<number, number> {
    const known = new Map<number, number>();
    this.assume(known, "ctstate", !this.tracked ? CT_STATE.INVALID : role === "opener" ? CT_STATE.NEW : CT_STATE.ESTABLISHED, instance);
    this.assume(known, "ctstatus", this.tracked ? STATUS[role] : undefined, instance);
    this.assume(known, "protocol", kind.protocol, instance);
    for (const [field, value] of shape) this.assume(known, field, value, instance);
    return known;
  }

  /** One field of a packet is known; undefined means that it is absent. */
  assume(known: Map<number, number>, field: Field, value: Value, instance = 0): void {
    const { space } = this;
    if (!space.used.has(field)) return;
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

  /** What goes to a program's queue depends on the program. */
  private queuesOpen(f: Diagram): Diagram {
    const { diagrams } = this.space;
    const { results } = this;
    const open = (leaf: Diagram): boolean => OPEN_ENDS.has(results.of(leaf).ending);
    if (!diagrams.leavesOf(f).some(open)) return f;
    return diagrams.bind(f, leaf => {
      const { ending, detail, transform: change } = results.of(leaf);
      if (!OPEN_ENDS.has(ending)) return leaf;
      const about = ending === "queue" ? `what the program of queue ${detail} decides` : `what the unknown target ${detail} does`;
      const level = this.space.conditionLevel(`${ending} ${detail}`, about);
      return diagrams.interval(level, 1, 1, 1, results.leaf("accept", change), results.drop);
    });
  }
}

/** Addresses that are this machine's whatever it is. */
export const LOOPBACK_NETWORK: Readonly<Record<Family, Range>> = { 4: [0x7f000000, 0x7fffffff], 6: [1n, 1n] };

/** Ends that something outside decides. */
const OPEN_ENDS: ReadonlySet<Ending> = new Set(["queue", "unknown"]);

/** What packets of sessions have unless someone makes them otherwise: sessions are made of ordinary packets. */
const ORDINARY: readonly (readonly [Field, Value])[] = [
  ["ttl", 64],
  ["fragid", undefined],
  ["mhtype", undefined],
  ["extheaders", 1],
  ["ipsecin", 0],
  ["ipsecout", 0],
];

/** So many mappings are followed one after the other, among the sessions that have them. */
const FEW = 8;

/** Fields of the connection's tuples, and the fields of an opener that they begin as. */
const OWN_TUPLE: readonly (readonly [own: Field, field: Field])[] = [
  ["ctproto", "protocol"],
  ["ctorigsrc", "saddr"],
  ["ctorigdst", "daddr"],
  ["ctorigsrcport", "sport"],
  ["ctorigdstport", "dport"],
  ["ctreplsrc", "daddr"],
  ["ctrepldst", "saddr"],
  ["ctreplsrcport", "dport"],
  ["ctrepldstport", "sport"],
];

const REPLY_TUPLE: ReadonlySet<Field> = new Set(["ctreplsrc", "ctrepldst", "ctreplsrcport", "ctrepldstport"]);

const DESTINATION_FIELDS: readonly Field[] = ["daddr", "dport", "ctstatus"];
const ADDRESS_FIELDS: readonly Field[] = ["daddr", "dport", "saddr", "sport", "ctstatus"];

/** Ranks of one field as ranks of another with the same constants, where one can be absent and the other not. */
function sameRanks(space: Space, from: Field, to: Field): readonly number[] | undefined {
  const [a, b] = [space.domainOf(from), space.domainOf(to)];
  if (a.optional === b.optional) return undefined;
  const shift = Number(b.optional) - Number(a.optional);
  return Array.from({ length: a.size }, (_, rank) => Math.max(0, rank + shift));
}
