import { CT_STATE } from "../predicate/index.ts";
import type { Circumstances } from "./circumstances.ts";
import type { Diagram } from "./diagrams.ts";
import type { HookDiagrams } from "./hooks.ts";
import type { Results } from "./outcome.ts";
import type { PathRouting } from "./path-routing.ts";
import type { SessionPath } from "./session-end.ts";
import { Stretches } from "./stretches.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY } from "./surroundings.ts";

/** The part of a path before NAT has rewritten the packet, and the parts after it. */
export interface Stages {
  readonly before: Diagram;
  readonly nat: Diagram;
  readonly after: Diagram;
  /** NAT of sources. */
  readonly last: Diagram;
  /** What comes behind it, over loopback. */
  readonly behind: Diagram;
}

/** The hooks that a client's packets pass on each path, put together. */
export class ClientWays {
  private readonly client: HookDiagrams;
  private readonly results: Results;
  private readonly circumstances: Circumstances;
  private readonly routing: PathRouting;
  private readonly known = new Map<string, Stages>();

  constructor(client: HookDiagrams, circumstances: Circumstances, routing: PathRouting) {
    this.client = client;
    this.results = client.results;
    this.circumstances = circumstances;
    this.routing = routing;
  }

  /** The way of a client's packets. */
  of(path: SessionPath): Stages {
    return this.remembered(`opener ${path}`, () => {
      const stretches = new Stretches(this.client, this.circumstances, 0);
      const { routing } = this;
      const { accept } = this.results;
      const sequence = (stages: readonly Diagram[]): Diagram => this.client.sequence(stages);
      switch (path) {
        case "in":
          return {
            before: stretches.arrival(undefined),
            nat: stretches.nat("PREROUTING", undefined, ""),
            after: sequence([routing.stage("in"), stretches.input(undefined)]),
            last: stretches.nat("INPUT", undefined, ""),
            behind: accept,
          };
        case "forward":
          return {
            before: stretches.arrival(undefined),
            nat: stretches.nat("PREROUTING", undefined, ""),
            after: sequence([routing.stage("forward"), stretches.forward()]),
            last: stretches.nat("POSTROUTING", undefined, undefined),
            behind: accept,
          };
        case "out":
          return {
            before: routing.seenSettingOut(stretches.departure(undefined)),
            nat: routing.seenSettingOut(stretches.nat("OUTPUT", "", undefined)),
            after: sequence([routing.stage("out"), routing.seenSettingOut(stretches.output(undefined)), stretches.leaving(undefined)]),
            last: stretches.nat("POSTROUTING", "", undefined),
            behind: accept,
          };
        case "local":
          return {
            before: routing.beforeNat(sequence([routing.setOut(), stretches.departure(undefined)])),
            nat: stretches.nat("OUTPUT", "", undefined),
            after: sequence([routing.stage("local"), stretches.output(routing.redirects ? undefined : "lo"), stretches.leaving("lo")]),
            last: stretches.nat("POSTROUTING", "", "lo"),
            behind: this.circumstances.connection.confirmed(sequence([stretches.arrival("lo", true), stretches.input("lo")])),
          };
      }
    });
  }

  /** Packets on the whole of a client's way, put together. */
  settled(path: SessionPath, whole: Diagram): Diagram {
    if (path === "local") return this.routing.settingOutLocally(whole);
    return path === "out" ? this.routing.settingOut(whole) : whole;
  }

  /** The client's way of later packets; those whose connection is there (`established`) most rulesets let through at once. */
  later(path: SessionPath, established: boolean): Stages {
    return this.remembered(`later ${path}`, () => {
      const { before, after, nat, last, behind } = this.of(path);
      const { space } = this.results;
      const known = new Map<number, number>();
      if (established) this.circumstances.assume(known, "ctstate", CT_STATE.ESTABLISHED);
      // Routing has been asked about the opener, which is on this path.
      const routed = new Map(known);
      if (path === "in" || path === "forward")
        routed.set(space.conditionLevel(LOCAL_DESTINATION_KEY, LOCAL_DESTINATION), Number(path === "in"));
      const { diagrams } = space;
      const staying = (f: Diagram): Diagram => {
        const elsewhere = diagrams.leavesOf(f).filter(leaf => this.results.of(leaf).ending === "elsewhere");
        return elsewhere.length === 0 ? f : diagrams.mapSome(f, new Set(elsewhere), () => this.results.accept);
      };
      return {
        before: staying(diagrams.assume(before, known)),
        after: staying(diagrams.assume(after, routed)),
        nat,
        last,
        behind: diagrams.assume(behind, known),
      };
    });
  }

  private remembered(key: string, make: () => Stages): Stages {
    let result = this.known.get(key);
    if (result === undefined) this.known.set(key, (result = make()));
    return result;
  }
}
