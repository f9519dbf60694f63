import { CT_STATE } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { Answers } from "./answers.ts";
import type { Circumstances } from "./circumstances.ts";
import type { ClientWays } from "./client-ways.ts";
import { NO, type Diagram } from "./diagrams.ts";
import { directionless, HookDiagrams, serverView, tracks, untracks } from "./hooks.ts";
import type { SessionKind, Shape } from "./kinds.ts";
import type { Instance } from "./level.ts";
import type { Observed } from "./observed.ts";
import type { Results } from "./outcome.ts";
import { queuesOpen } from "./queues.ts";
import type { SessionPath, SessionRole } from "./session-end.ts";
import { assignmentOf, substituted, without, type Transform } from "./transform.ts";
import { isUntracked, translated, untrackedOnes, untranslated, withoutAnswer, withoutOpener, type Tracked } from "./untracked.ts";

/** What becomes of packets that play a part. */
export type Part = readonly [Diagram, SessionRole];

/** What becomes of later packets of each side. */
interface Later {
  readonly client: Diagram;
  readonly server: Diagram;
}

/** What becomes of the packets behind the openers of sessions. */
export class LaterPackets {
  private readonly results: Results;
  private readonly circumstances: Circumstances;
  private readonly ways: ClientWays;
  private readonly tracked: boolean;
  private readonly notracks: boolean;
  private readonly answers: Answers;
  private readonly known = new Map<SessionPath, Map<string, Later>>();

  constructor(ruleset: Ruleset, results: Results, observe: Observed, circumstances: Circumstances, ways: ClientWays) {
    this.results = results;
    this.circumstances = circumstances;
    this.ways = ways;
    this.tracked = tracks(ruleset);
    this.notracks = untracks(ruleset);
    const state = this.notracks ? undefined : CT_STATE.ESTABLISHED;
    const server = new HookDiagrams(ruleset, results, directionless(serverView(results.space, state)), observe);
    this.answers = new Answers(server, circumstances);
  }

  /** What packets of a kind of session meet behind an opener that was changed so. */
  parts(path: SessionPath, kind: SessionKind, change: Transform): readonly Part[] {
    return this.notracks ? this.perhapsUntracked(path, kind, change) : this.allTracked(path, kind, change);
  }

  /** The parts where tracking sees all packets. */
  private allTracked(path: SessionPath, kind: SessionKind, change: Transform): readonly Part[] {
    const { client, server } = this.later(path, change);
    // Most mappings are of sessions whose later packets nobody keeps back.
    if (client === this.results.accept && server === client) return [[server, "answer"]];
    return [
      [this.circumstances.playing(server, kind, "answer", kind.answer, 1), "answer"],
      ...kind.restClient.map((shape): Part => [this.circumstances.playing(client, kind, "rest", shape, 0), "rest-client"]),
      ...kind.restServer.map((shape): Part => [this.circumstances.playing(server, kind, "rest", shape, 1), "rest-server"]),
    ];
  }

  /** The same where rules keep packets from tracking, of one side or of both. */
  private perhapsUntracked(path: SessionPath, kind: SessionKind, change: Transform): readonly Part[] {
    const { diagrams } = this.results.space;
    const unseen = isUntracked(this.results, change);
    const { client, server } = this.later(path, change);
    const fresh = unseen ? this.answers.nat(path, change) : NO;
    const play = (f: Diagram, role: "answer" | "rest", shape: Shape, instance: Instance, tracked?: Tracked): Diagram => {
      const said = unseen ? withoutOpener(kind, role, instance === 1) : tracked;
      const part = this.circumstances.playing(f, kind, role, shape, instance, said);
      if (!unseen) return untranslated(this.results, part, change, path === "out" ? "saddr" : undefined);
      if (instance === 0 || said?.state !== CT_STATE.NEW) return part;
      const nat = this.circumstances.playing(fresh, kind, role, shape, 1, said);
      return translated(this.results, part, nat, path === "in" ? "daddr" : undefined);
    };
    const answered = play(server, "answer", kind.answer, 1);
    const unheard = unseen ? NO : untrackedOnes(this.results, answered);
    const resting = (shape: Shape): Diagram => {
      const usual = play(client, "rest", shape, 0);
      return unheard === NO ? usual : diagrams.choose(unheard, play(client, "rest", shape, 0, withoutAnswer(kind)), usual);
    };
    return [
      [answered, "answer"],
      ...kind.restClient.map((shape): Part => [resting(shape), "rest-client"]),
      ...kind.restServer.map((shape): Part => [play(server, "rest", shape, 1), "rest-server"]),
    ];
  }

  /** Later packets of both sides. All but the state that they are in is worked out once for mappings that rewrite the same. */
  private later(path: SessionPath, change: Transform): Later {
    const level = this.results.space.fieldLevel("ctstate");
    // What is said of a packet that has no connection says nothing of later ones.
    const mapping =
      assignmentOf(change, level) === undefined ? change : without(change, [level, ...this.circumstances.connection.levels(0)]);
    let known = this.known.get(path);
    if (known === undefined) this.known.set(path, (known = new Map()));
    let result = known.get(mapping.key);
    if (result === undefined)
      known.set(mapping.key, (result = { client: this.ofClient(path, mapping), server: this.answers.after(path, mapping) }));
    return result;
  }

  /** Later packets of the client: NAT does to them what it did to the opener. */
  private ofClient(path: SessionPath, change: Transform): Diagram {
    const { results, circumstances } = this;
    const { space, accept } = results;
    const { before, after, behind } = this.ways.later(path, this.tracked && !this.notracks);
    if (before === accept && after === accept && behind === accept) return accept;
    const inner = substituted(space, after, circumstances.destinationPart(change));
    const last = substituted(space, behind, circumstances.addressPart(change));
    const mapped = results.followedBy(inner, "accept", accept, last);
    const outer = substituted(space, before, circumstances.statusPart(change));
    const whole = this.ways.settled(path, results.followedBy(outer, "accept", accept, mapped));
    return queuesOpen(results, circumstances.initial(whole, 0, path, change));
  }
}
