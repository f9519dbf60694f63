import type { Field, Value } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { Circumstances } from "./circumstances.ts";
import { ClientWays } from "./client-ways.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import { withinOneNetwork } from "./hairpin.ts";
import { clientView, directionless, HookDiagrams, tracks, untracks } from "./hooks.ts";
import { sessionKinds, type SessionKind } from "./kinds.ts";
import { LaterPackets, type Part } from "./later-packets.ts";
import type { Instance } from "./level.ts";
import type { Observed } from "./observed.ts";
import type { Results } from "./outcome.ts";
import { PathRouting } from "./path-routing.ts";
import { withItsPrefixes } from "./prefix-answers.ts";
import { queuesOpen } from "./queues.ts";
import type { KindSessions, SessionEnd, SessionPath, SessionRole } from "./session-end.ts";
import type { Space } from "./space.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY } from "./surroundings.ts";
import { assignmentOf, substituted, type Transform } from "./transform.ts";

/** A ruleset's sessions and packets, path by path. */
export class Sessions {
  readonly space: Space;
  readonly results: Results;
  readonly ruleset: Ruleset;
  readonly client: HookDiagrams;
  readonly kinds: readonly SessionKind[];
  private readonly circumstances: Circumstances;
  private readonly ways: ClientWays;
  private readonly later: LaterPackets;
  private readonly known = new Map<SessionPath, readonly KindSessions[]>();
  private readonly paths = new Map<SessionPath, Diagram>();
  private neighbours: Diagram | undefined;

  constructor(ruleset: Ruleset, results: Results, observe: Observed = { effects: false }) {
    this.ruleset = ruleset;
    this.results = results;
    this.space = results.space;
    this.client = new HookDiagrams(ruleset, results, directionless(clientView(this.space)), observe);
    this.circumstances = new Circumstances(this.space, tracks(ruleset), untracks(ruleset));
    this.ways = new ClientWays(this.client, this.circumstances, new PathRouting(results, ruleset));
    this.later = new LaterPackets(ruleset, results, observe, this.circumstances, this.ways);
    this.kinds = sessionKinds(this.space.family, this.space.protocols);
  }

  /** What becomes of a single packet of the original direction on a path, by its state and its shape; leaves are results. */
  packets(path: SessionPath): Diagram {
    let result = this.paths.get(path);
    if (result === undefined) {
      const { before, nat, after, last, behind } = this.ways.of(path);
      result = this.ways.settled(path, this.client.sequence([before, nat, after, last, behind]));
      result = this.placed(queuesOpen(this.results, this.circumstances.initial(result, 0, path)));
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
      const hole = this.hole(NO);
      return diagrams.bind(opened, leaf =>
        open.has(leaf) ? this.followed(hole, hole, path, kind, this.results.of(leaf).transform) : refused(leaf),
      );
    }
    // The parts that come later are asked about sessions only that get so far.
    let result = diagrams.mapLeaves(opened, leaf => (open.has(leaf) ? this.hole(leaf) : refused(leaf)));
    for (const leaf of open) result = this.followed(result, this.hole(leaf), path, kind, this.results.of(leaf).transform);
    return result;
  }

  private hole(leaf: Diagram): Diagram {
    return this.space.leaf(`open ${leaf}`, undefined);
  }

  /** Sessions with the hole filled in: what becomes of those whose opener got through and was changed so. */
  private followed(sessions: Diagram, hole: Diagram, path: SessionPath, kind: SessionKind, change: Transform): Diagram {
    const { diagrams } = this.space;
    const { effects } = change;
    const parts = this.later
      .parts(path, kind, change)
      .map(([part, role]): Part => [role === "rest-client" ? part : withItsPrefixes(this.results, part, change), role]);
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
      path === "forward" &&
      assignmentOf(change, space.fieldLevel("daddr")) !== undefined &&
      assignmentOf(change, space.fieldLevel("saddr")) === undefined;
    if (!moved) return hole;
    const neighbours = substituted(space, (this.neighbours ??= withinOneNetwork(space)), this.circumstances.destinationPart(change));
    const { effects } = change;
    return space.diagrams.choose(neighbours, this.end({ end: "half-open", role: "past", ending: "elsewhere", detail: "", effects }), hole);
  }

  private end(end: SessionEnd): Diagram {
    return this.space.leaf(end.effects.join(";"), end, `session ${end.end} ${end.role} ${end.ending} ${end.detail}`);
  }
}

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

/** So many mappings are followed one after the other, among the sessions that have them. */
const FEW = 8;
