import { CT_STATE, type Field, type Value } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import type { Observed } from "./observed.ts";
import { Circumstances, type Instance } from "./circumstances.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import { withinOneNetwork } from "./hairpin.ts";
import { clientView, HookDiagrams, serverView, tracks, untracks } from "./hooks.ts";
import { sessionKinds, type SessionKind, type Shape } from "./kinds.ts";
import type { Ending, Results } from "./outcome.ts";
import { PathRouting } from "./path-routing.ts";
import { withItsPrefixes } from "./prefix-answers.ts";
import type { KindSessions, SessionEnd, SessionPath, SessionRole } from "./session-end.ts";
import type { Space } from "./space.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY } from "./surroundings.ts";
import { substituted, transform, type Transform } from "./transform.ts";
import { isUntracked, translated, untrackedOnes, untranslated, withoutAnswer, withoutOpener, type Tracked } from "./untracked.ts";
import { Ways } from "./ways.ts";

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
  private readonly circumstances: Circumstances;
  private readonly ways: Ways;
  private readonly known = new Map<SessionPath, readonly KindSessions[]>();
  private readonly paths = new Map<SessionPath, Diagram>();
  private readonly parts = new Map<string, Diagram>();
  private neighbours: Diagram | undefined;

  constructor(ruleset: Ruleset, results: Results, observe: Observed = { effects: false }) {
    this.ruleset = ruleset;
    this.results = results;
    this.space = results.space;
    this.tracked = tracks(ruleset);
    this.notracks = untracks(ruleset);
    this.client = new HookDiagrams(ruleset, results, clientView(this.space), observe);
    this.server = new HookDiagrams(ruleset, results, serverView(this.space, this.notracks ? undefined : CT_STATE.ESTABLISHED), observe);
    this.circumstances = new Circumstances(this.space, this.tracked);
    this.ways = new Ways(this.client, this.server, this.circumstances, new PathRouting(results, ruleset));
    this.kinds = sessionKinds(this.space.family, this.space.protocols);
  }

  /** What becomes of a single packet of the original direction on a path, by its state and its shape; leaves are results. */
  packets(path: SessionPath): Diagram {
    let result = this.paths.get(path);
    if (result === undefined) {
      const { before, nat, after, last } = this.ways.ofClient(path);
      result = this.ways.settled(path, this.client.sequence([before, nat, after, last]));
      result = this.placed(this.queuesOpen(this.circumstances.initial(result, 0, path)));
      this.paths.set(path, result);
    }
    return result;
  }

  /**
   * Without a host, whether the destination is this machine's own matters only where both answers leave the packet on the path: elsewhere the
   * one that does is the one that is meant.
   */
  private placed(f: Diagram): Diagram {
    const { diagrams } = this.space;
    const level = this.space.conditionLevel(LOCAL_DESTINATION_KEY, LOCAL_DESTINATION);
    if (f < 0 || !diagrams.asks(f, level)) return f;
    const elsewhere = this.results.leaf("elsewhere");
    // Whatever was done to a packet that goes elsewhere, it goes elsewhere.
    const gone = diagrams.leavesOf(f).filter(leaf => leaf !== elsewhere && this.results.of(leaf).ending === "elsewhere");
    const plain = diagrams.mapSome(f, new Set(gone), () => elsewhere);
    const [other, own] = [diagrams.restrict(plain, level, 0), diagrams.restrict(plain, level, 1)];
    const condition = diagrams.interval(level, 1, 1, 1, YES, NO);
    return diagrams.choose(condition, diagrams.replace(own, elsewhere, other), diagrams.replace(other, elsewhere, own));
  }

  /** What becomes of the sessions on a path, kind by kind; leaves are `SessionEnd`s. */
  on(path: SessionPath): readonly KindSessions[] {
    let result = this.known.get(path);
    if (result === undefined) {
      result = this.kinds.map(kind => whenAsked(kind, () => this.ofKind(path, kind)));
      this.known.set(path, result);
    }
    return result;
  }

  /** The end that a leaf stands for. */
  endOf(leaf: Diagram): SessionEnd {
    return this.space.valueOf(leaf) as SessionEnd;
  }

  /** One field of a packet is known, for `Diagrams.assume`; undefined means that it is absent. */
  assume(known: Map<number, number>, field: Field, value: Value, instance: Instance = 0): void {
    this.circumstances.assume(known, field, value, instance);
  }

  private ofKind(path: SessionPath, kind: SessionKind): Diagram {
    const { diagrams } = this.space;
    const opened = this.circumstances.playing(this.packets(path), kind, "opener", kind.opener, 0);
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
        if (rest === undefined)
          memo.set(leaf, (rest = this.followed(this.hole(leaf), this.hole(leaf), path, kind, this.results.of(leaf).transform)));
        return rest;
      });
    }
    // The parts that come later are asked about sessions only that get so far.
    let result = diagrams.mapLeaves(opened, leaf => (open.has(leaf) ? this.hole(leaf) : refused(leaf)));
    for (const leaf of open) result = this.followed(result, this.hole(leaf), path, kind, this.results.of(leaf).transform);
    return result;
  }

  /** What becomes of later packets of one side. All but the state that they are in is worked out once for mappings that rewrite the same. */
  private later(side: "client" | "server", path: SessionPath, change: Transform): Diagram {
    const mapping = this.withoutState(change);
    return this.once(`${side} ${path} ${mapping.key}`, () =>
      side === "client" ? this.clientPart(path, mapping) : this.serverPart(path, mapping),
    );
  }

  private withoutState(change: Transform): Transform {
    const level = this.space.fieldLevel("ctstate");
    if (!change.assignments.has(level)) return change;
    const assignments = new Map(change.assignments);
    assignments.delete(level);
    return transform(assignments, []);
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
    const given = this.notracks ? this.perhapsUntracked(path, kind, change) : this.laterParts(path, kind, change);
    const parts = given.map(([part, role]): Part => [role === "rest-client" ? part : withItsPrefixes(this.results, part, change), role]);
    // Who has passed a part passes it again: most segments of a session meet the same rules.
    const asked = new Map<Diagram, SessionRole>();
    for (const [part, role] of parts) if (part !== this.results.accept && !asked.has(part)) asked.set(part, role);
    const usable = this.end({ end: "usable", role: undefined, ending: undefined, detail: "", effects });
    let result = diagrams.replace(sessions, hole, this.pastThisMachine(path, hole, change));
    if (asked.size === 0) return diagrams.replace(result, hole, usable);
    let left = asked.size;
    for (const [part, role] of asked) {
      left--;
      const through = left === 0 ? usable : hole;
      // Put in its place first: of what becomes of packets only what sessions get to is looked at.
      const leaves = new Set(diagrams.leavesOf(part));
      result = diagrams.mapSome(diagrams.replace(result, hole, part), leaves, leaf => {
        const { ending, detail } = this.results.of(leaf);
        return ending === "accept" ? through : this.end({ end: "half-open", role, ending, detail, effects });
      });
    }
    return result;
  }

  /** The hole, but for sessions whose server answers its neighbour directly. */
  private pastThisMachine(path: SessionPath, hole: Diagram, change: Transform): Diagram {
    const { space } = this;
    const moved =
      path === "forward" && change.assignments.has(space.fieldLevel("daddr")) && !change.assignments.has(space.fieldLevel("saddr"));
    if (!moved) return hole;
    const neighbours = substituted(space, (this.neighbours ??= withinOneNetwork(space)), this.circumstances.destinationPart(change));
    const { effects } = change;
    return space.diagrams.choose(neighbours, this.end({ end: "half-open", role: "past", ending: "elsewhere", detail: "", effects }), hole);
  }

  /** The parts that packets play behind the opener, where tracking sees all of them. */
  private laterParts(path: SessionPath, kind: SessionKind, change: Transform): readonly Part[] {
    const answer = this.later("server", path, change);
    const client = this.later("client", path, change);
    return [
      [this.circumstances.playing(answer, kind, "answer", kind.answer, 1), "answer"],
      ...kind.restClient.map((shape): Part => [this.circumstances.playing(client, kind, "rest", shape, 0), "rest-client"]),
      ...kind.restServer.map((shape): Part => [this.circumstances.playing(answer, kind, "rest", shape, 1), "rest-server"]),
    ];
  }

  /** The same where rules keep packets from tracking, of one side or of both. */
  private perhapsUntracked(path: SessionPath, kind: SessionKind, change: Transform): readonly Part[] {
    const { diagrams } = this.space;
    const answer = this.later("server", path, change);
    const client = this.later("client", path, change);
    const unseen = isUntracked(this.results, change);
    const fresh = unseen ? this.once(`nat ${path}`, () => this.circumstances.initial(this.ways.natOfServer(path), 1, path, change)) : NO;
    const play = (f: Diagram, role: "answer" | "rest", shape: Shape, instance: Instance, tracked?: Tracked): Diagram => {
      const said = unseen ? withoutOpener(kind, role, instance === 1) : tracked;
      const part = this.circumstances.playing(f, kind, role, shape, instance, said);
      if (!unseen) return untranslated(this.results, part, change, path === "out" ? "saddr" : undefined);
      if (instance === 0 || said?.state !== CT_STATE.NEW) return part;
      const nat = this.circumstances.playing(fresh, kind, role, shape, 1, said);
      return translated(this.results, part, nat, path === "in" ? "daddr" : undefined);
    };
    const answered = play(answer, "answer", kind.answer, 1);
    const unheard = unseen ? NO : untrackedOnes(this.results, answered);
    const resting = (shape: Shape): Diagram => {
      const usual = play(client, "rest", shape, 0);
      return unheard === NO ? usual : diagrams.choose(unheard, play(client, "rest", shape, 0, withoutAnswer(kind)), usual);
    };
    return [
      [answered, "answer"],
      ...kind.restClient.map((shape): Part => [resting(shape), "rest-client"]),
      ...kind.restServer.map((shape): Part => [play(answer, "rest", shape, 1), "rest-server"]),
    ];
  }

  private end(end: SessionEnd): Diagram {
    return this.space.leaf(`session ${end.end} ${end.role} ${end.ending} ${end.detail} ${end.effects.join(";")}`, end);
  }

  /** Later packets of the client: NAT does to them what it did to the opener. */
  private clientPart(path: SessionPath, change: Transform): Diagram {
    const { before, after } = this.ways.later(path, this.tracked && !this.notracks);
    if (before === this.results.accept && after === before) return before;
    const mapped = substituted(this.space, after, this.circumstances.destinationPart(change));
    const whole = this.ways.settled(path, this.results.followedBy(before, "accept", this.results.accept, mapped));
    return this.queuesOpen(this.circumstances.initial(whole, 0, path, change));
  }

  /** Packets of the server, which meet the mapping in reverse. */
  private serverPart(path: SessionPath, change: Transform): Diagram {
    const { before, after } = this.ways.ofServer(path);
    if (before === this.results.accept && after === before) return before;
    // Each half is asked with the addresses that it sees; what it does to them the other half does not see.
    const inner = substituted(this.space, after, this.circumstances.destinationPart(change));
    const outer = substituted(this.space, before, this.circumstances.addressPart(change));
    const whole = this.results.followedBy(outer, "accept", this.results.accept, inner);
    return this.queuesOpen(this.circumstances.initial(whole, 1, path, change));
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

/** What becomes of packets that play a part. */
type Part = readonly [Diagram, SessionRole];

/** Sessions of a kind that are worked out when somebody asks for them. */
function whenAsked(kind: SessionKind, make: () => Diagram): KindSessions {
  let known: Diagram | undefined;
  return {
    kind,
    get diagram() {
      return (known ??= make());
    },
  };
}

/** Ends that something outside decides. */
const OPEN_ENDS: ReadonlySet<Ending> = new Set(["queue", "unknown"]);

/** So many mappings are followed one after the other, among the sessions that have them. */
const FEW = 8;
