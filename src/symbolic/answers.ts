import type { Circumstances } from "./circumstances.ts";
import type { Diagram } from "./diagrams.ts";
import type { HookDiagrams } from "./hooks.ts";
import type { Results } from "./outcome.ts";
import { queuesOpen } from "./queues.ts";
import { ServerWays, type AnswerWay } from "./server-ways.ts";
import type { SessionPath } from "./session-end.ts";
import { substituted, type Transform } from "./transform.ts";

/** What becomes of a server's packets under one view. */
export class Answers {
  private readonly results: Results;
  private readonly circumstances: Circumstances;
  private readonly ways: ServerWays;
  private readonly known = new Map<SessionPath, AnswerWay>();
  private readonly natted = new Map<SessionPath, Diagram>();

  constructor(server: HookDiagrams, circumstances: Circumstances) {
    this.results = server.results;
    this.circumstances = circumstances;
    this.ways = new ServerWays(server, circumstances);
  }

  /** Packets to a client whose openers were changed so: they meet the mapping in reverse. */
  after(path: SessionPath, change: Transform): Diagram {
    const { results, circumstances } = this;
    const { space, accept } = results;
    const { mapped, turned, back } = this.onTheWay(path);
    if (mapped === accept && turned === accept && back === accept) return accept;
    // Each part is asked with the addresses that it sees; what it does to them the others do not see.
    const outer = substituted(space, mapped, circumstances.addressPart(change));
    const inner = substituted(space, turned, circumstances.destinationPart(change));
    const last = substituted(space, back, circumstances.statusPart(change));
    const whole = results.followedBy(outer, "accept", accept, results.followedBy(inner, "accept", accept, last));
    return queuesOpen(results, circumstances.initial(whole, 1, path, change));
  }

  private onTheWay(path: SessionPath): AnswerWay {
    let known = this.known.get(path);
    if (known === undefined) this.known.set(path, (known = this.ways.of(path)));
    return known;
  }

  /** What NAT does to answers to openers that tracking has not seen, and so has not changed. */
  nat(path: SessionPath, change: Transform): Diagram {
    let known = this.natted.get(path);
    if (known === undefined) this.natted.set(path, (known = this.circumstances.initial(this.ways.nat(path), 1, path, change)));
    return known;
  }
}
