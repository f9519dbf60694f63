import { all, among, not, type Field, type Predicate } from "../../predicate/index.ts";
import {
  hasOwnBit,
  levelBit,
  Memo,
  NO,
  routeTests,
  UNICAST,
  YES,
  type Diagram,
  type Diagrams,
  type SessionEnd,
  type SessionKind,
  type Sessions,
  type Space,
} from "../../symbolic/index.ts";
import { Boxes, type Box, type Dimension } from "./boxes.ts";
import type { FamilyModel } from "../model.ts";
import type { Path } from "../witness.ts";
import { occurringRanks } from "./occurring-ranks.ts";
import { commonRanks, joinedRanks, ranksWithout, valueCount, type Ranks } from "./ranks.ts";
import { impossible, NO_SERVERS, nowhere, ORDINARY_PORTS } from "./session-places.ts";

/** The dimensions that rows are boxes of, in the order of their levels. */
export const KIND = 0;
export const PORT = 1;
export const SOURCE_PORT = 2;
export const OUT = 3;
export const IN = 4;
export const SERVER = 5;
export const CLIENT = 6;

/** Fields of the dimensions after the first. */
export const FIELDS = ["dport", "sport", "oif", "iif", "daddr", "saddr"] as const;

/** Interfaces first, then addresses, then services: a row that can say `from anywhere` or `everything` says so. */
export const GROWTH: readonly number[] = [IN, OUT, CLIENT, SERVER, SOURCE_PORT, PORT, KIND];

/**
 * All sessions of one path in one diagram. Its top level says which kind of session it is: the level of `ctstate` serves for that, as nothing of a
 * session asks for it any more.
 */
export class SessionSets {
  readonly model: FamilyModel;
  readonly sessions: Sessions;
  readonly space: Space;
  readonly path: Path;
  readonly kinds: readonly SessionKind[];
  readonly boxes: Boxes;
  /** Leaves are ends of sessions; those of pointless ones are nowhere. */
  readonly whole: Diagram;
  /** Sessions that cannot be on this path: boxes may hold them or not, as it is shorter to say. */
  readonly pointless: Diagram;
  /** Ranks of servers and of clients that there can be without NAT. */
  readonly servers: Ranks;
  readonly clients: Ranks;
  /** Servers that only destination NAT brings to this path: clients open to them what ends elsewhere. */
  readonly translated: Ranks;
  /** Sessions with them that come to life. */
  private readonly throughNat: Diagram;
  /** Ranks of ordinary servers and clients: addresses that one machine has. */
  readonly ordinary: { readonly servers: Ranks; readonly clients: Ranks };
  /** Ranks that sessions on this path have at their ends, by dimension. */
  readonly ends: ReadonlyMap<number, Ranks>;
  private readonly diagrams: Diagrams;
  private readonly dimensionLevels: ReadonlySet<number>;
  private readonly answers = new Map<string, Diagram>();
  private readonly seen = new Memo();
  /** Bits of masks: leaves with effects, and levels of dimensions. */
  private effectMask = 0;
  private dimensionMask = 0;

  constructor(model: FamilyModel, sessions: Sessions, path: Path) {
    this.model = model;
    this.sessions = sessions;
    this.space = model.space;
    this.diagrams = this.space.diagrams;
    this.path = path;
    const kinds = sessions.on(path);
    this.kinds = kinds.map(({ kind }) => kind);
    const top = this.space.fieldLevel("ctstate");
    const dimensions: Dimension[] = [
      { level: top, last: kinds.length - 1 },
      ...FIELDS.map(field => ({ level: this.space.fieldLevel(field), last: this.space.domainOf(field).size - 1 })),
    ];
    this.boxes = new Boxes(this.diagrams, dimensions);
    this.dimensionLevels = new Set(dimensions.map(({ level }) => level));
    this.whole = this.diagrams.node(
      top,
      kinds.map(({ diagram }, index): [number, Diagram] => [index, diagram]),
    );
    const places = this.model.lowering.set(impossible(path, model));
    const never = this.diagrams.node(
      top,
      kinds.map(({ kind }, index): [number, Diagram] => [index, kind.ports ? this.diagrams.or(places, this.portless()) : places]),
    );
    const here = this.ranksOf("daddr", this.endsAt("daddr"));
    [this.translated, this.throughNat] = model.host === undefined ? [[], NO] : this.broughtByNat(here, never);
    const elsewhere = this.surely(this.ending(({ end }) => end === "elsewhere"));
    this.pointless = this.diagrams.or(never, this.diagrams.minus(elsewhere, this.besideTranslated()));
    this.whole = this.diagrams.choose(this.pointless, this.space.leaf("policy pointless", POINTLESS), this.whole);
    for (const leaf of this.diagrams.leavesOf(this.whole))
      if (sessions.endOf(leaf).effects.length > 0) this.effectMask |= this.diagrams.maskOf(leaf);
    for (const { level } of dimensions) if (hasOwnBit(level)) this.dimensionMask |= levelBit(level);
    this.servers = here;
    this.clients = this.ranksOf("saddr", this.endsAt("saddr"));
    const unicast = (field: Field): Ranks => this.ranksOf(field, path === "local" ? all() : among(field, ...UNICAST[model.family]));
    this.ordinary = { servers: commonRanks(this.servers, unicast("daddr")), clients: commonRanks(this.clients, unicast("saddr")) };
    this.ends = new Map([
      [SERVER, this.servers],
      [CLIENT, this.clients],
      [IN, this.ranksOf("iif", not(nowhere("iif", model)))],
      [OUT, this.ranksOf("oif", not(nowhere("oif", model)))],
    ]);
  }

  /** The sessions that end in one of some ways, as a set. */
  ending(wanted: (end: SessionEnd) => boolean): Diagram {
    const leaves = this.diagrams.leavesOf(this.whole).filter(leaf => wanted(this.sessions.endOf(leaf)));
    if (leaves.length === 0) return NO;
    const roles = new Set(leaves.map(leaf => this.sessions.endOf(leaf).role));
    // Half-open sessions are asked for by role too: the few of each are quickly put together.
    if (roles.size > 1)
      return [...roles].reduce(
        (all, role) =>
          this.diagrams.or(
            all,
            this.ending(end => end.role === role && wanted(end)),
          ),
        NO,
      );
    return this.once(`ending ${this.whole} ${leaves.join()}`, () => this.diagrams.endingIn(this.whole, leaves));
  }

  /** What is so whatever the conditions, for some of the fields that no dimension stands for. */
  surely(set: Diagram): Diagram {
    return this.once(`surely ${set}`, () => this.diagrams.quantify(this.decided(set), level => !this.dimensionLevels.has(level), true));
  }

  /** What is so whatever the conditions and whatever those fields. */
  always(set: Diagram): Diagram {
    return this.once(`always ${set}`, () => this.diagrams.quantify(this.decided(set), level => !this.dimensionLevels.has(level), false));
  }

  /** What is so under some conditions, for some of those fields. */
  possibly(set: Diagram): Diagram {
    return this.once(`possibly ${set}`, () => this.diagrams.quantify(set, level => !this.dimensionLevels.has(level), true));
  }

  /** What is so whatever the conditions, which leaves little of most sets. */
  private decided(set: Diagram): Diagram {
    return this.once(`decided ${set}`, () => this.diagrams.quantify(set, level => this.space.levels[level]?.is !== "field", false));
  }

  private once(question: string, work: () => Diagram): Diagram {
    let answer = this.answers.get(question);
    if (answer === undefined) this.answers.set(question, (answer = work()));
    return answer;
  }

  /** The sessions that clients open from ordinary ports: those that all of them open, or that some do. */
  fromOrdinaryPorts(set: Diagram, some: boolean): Diagram {
    const level = this.space.fieldLevel("sport");
    const ports = this.space.domainOf("sport");
    const ordinary: Ranks = [[ports.rankOf(ORDINARY_PORTS[0]), ports.rankOf(ORDINARY_PORTS[1])]];
    const { diagrams } = this;
    const memo = new Map<Diagram, Diagram>();
    const visit = (node: Diagram): Diagram => {
      if (!diagrams.asks(node, level)) return node;
      const known = memo.get(node);
      if (known !== undefined) return known;
      let result: Diagram;
      if (diagrams.levelOf(node) < level) result = diagrams.rebuilt(node, visit);
      else {
        result = some ? NO : YES;
        const reached: Diagram[] = [];
        this.boxes.reached(node, ordinary, reached);
        for (const below of reached) result = some ? diagrams.or(result, below) : diagrams.and(result, below);
      }
      memo.set(node, result);
      return result;
    };
    return visit(set);
  }

  /** Visits nodes, each once, and leaves that sessions of a box lead to; goes on below those that matter. */
  within(set: Diagram, box: Box, matters: (node: Diagram) => boolean, visit: (node: Diagram) => void): void {
    const { seen } = this;
    seen.begin(this.diagrams.size);
    const waiting = [set];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node >= 0 && !seen.meets(node)) continue;
      visit(node);
      if (node >= 0 && matters(node)) this.boxes.below(node, box, waiting);
    }
  }

  /** Does a diagram ask for something that is no dimension? */
  asksMore(node: Diagram): boolean {
    return (this.diagrams.askedMask(node) & ~this.dimensionMask) !== 0;
  }

  /** Does a diagram lead to sessions that NAT changes? */
  leadsToEffects(node: Diagram): boolean {
    return (this.diagrams.maskOf(node) & this.effectMask) !== 0;
  }

  /** Are these all ranks of a dimension? No session is without a port where there are ports. */
  isAll(dimension: number, ranks: Ranks): boolean {
    const last = this.boxes.dimensions[dimension]?.last ?? 0;
    const [only] = ranks;
    return ranks.length === 1 && only?.[1] === last && only[0] <= Number(dimension === PORT || dimension === SOURCE_PORT);
  }

  /** Are these more than half of all addresses? That is said by what they lack. */
  isMost(dimension: number, ranks: Ranks): boolean {
    if (dimension !== CLIENT && dimension !== SERVER) return false;
    const domain = this.space.domainOf("saddr");
    return 2 * valueCount(ranks, domain) > valueCount([[0, domain.size - 1]], domain);
  }

  isDimension(level: number): boolean {
    return this.dimensionLevels.has(level);
  }

  /** The sessions of one kind out of a set. */
  ofKind(set: Diagram, kind: number): Diagram {
    return this.diagrams.restrict(set, this.boxes.dimensions[KIND]?.level ?? 0, kind);
  }

  private portless(): Diagram {
    const { diagrams } = this;
    const absent = (field: Field): Diagram =>
      diagrams.interval(this.space.fieldLevel(field), 0, 0, this.space.domainOf(field).size - 1, YES, NO);
    return diagrams.or(absent("dport"), absent("sport"));
  }

  /** Addresses that the machine lets be one end on this path. */
  private endsAt(field: "saddr" | "daddr"): Predicate {
    const { path } = this;
    const { host, family } = this.model;
    const ordinary =
      path === "local" ? all() : field === "saddr" || path === "forward" ? among(field, ...UNICAST[family]) : not(NO_SERVERS[family]);
    if (host === undefined) return ordinary;
    const routes = routeTests(host, family);
    // What is sent to many is for this machine where it comes in, and for others where it goes out.
    if (field === "saddr") return all(ordinary, path === "out" || path === "local" ? routes.own(field) : not(routes.local(field)));
    switch (path) {
      case "in":
        return all(ordinary, routes.local(field));
      case "local":
        return all(ordinary, routes.own(field));
      case "out":
        return all(ordinary, not(routes.own(field)));
      case "forward":
        return all(ordinary, not(routes.local(field)));
    }
  }

  /** Servers besides those of this path that sessions have which come to life, and these sessions. */
  private broughtByNat(here: Ranks, never: Diagram): [servers: Ranks, sessions: Diagram] {
    const alive = this.diagrams.minus(
      this.ending(({ end }) => end === "usable" || end === "half-open"),
      never,
    );
    const servers = ranksWithout(occurringRanks(this.space, "daddr", alive), here);
    return [servers, this.diagrams.and(alive, this.servedAt(servers))];
  }

  /** Sessions with some servers. */
  private servedAt(servers: Ranks): Diagram {
    const { diagrams } = this;
    const level = this.space.fieldLevel("daddr");
    const last = this.space.domainOf("daddr").size - 1;
    return servers.reduce((set, [low, high]) => diagrams.or(set, diagrams.interval(level, low, high, last, YES, NO)), NO);
  }

  /**
   * What clients that reach a translated server open to it, of all services: those that are not translated are elsewhere, and yet worth telling
   * apart, as it is the service that a port forward is about.
   */
  private besideTranslated(): Diagram {
    const services = new Set([this.boxes.dimensions[KIND]?.level, this.space.fieldLevel("dport"), this.space.fieldLevel("sport")]);
    return this.diagrams.quantify(this.throughNat, level => services.has(level) || !this.dimensionLevels.has(level), true);
  }

  /** The servers that a box can have: those of this path, and the translated ones where it has sessions with some. */
  serversFor(box: Box): Ranks {
    const some = this.throughNat !== NO && this.diagrams.and(this.boxes.diagramOf(box), this.throughNat) !== NO;
    return some ? joinedRanks(this.servers, this.translated) : this.servers;
  }

  /** The ranks of one field that a test of it lets through. */
  private ranksOf(field: Field, predicate: Predicate): Ranks {
    const set = this.model.lowering.set(predicate);
    if (set === YES) return [[0, this.space.domainOf(field).size - 1]];
    return set === NO ? [] : (this.boxes.branches(set).get(YES) ?? []);
  }
}

const POINTLESS: SessionEnd = { end: "elsewhere", role: undefined, ending: undefined, detail: "", effects: [] };
