import { CT_STATE } from "../predicate/index.ts";
import type { Circumstances } from "./circumstances.ts";
import type { Diagram } from "./diagrams.ts";
import type { HookDiagrams } from "./hooks.ts";
import type { Results } from "./outcome.ts";
import type { PathRouting } from "./path-routing.ts";
import type { SessionPath } from "./session-end.ts";
import { Stretches } from "./stretches.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY } from "./surroundings.ts";

/** The part of a path before NAT has rewritten the packet, and the part after it. */
export interface Halves {
  readonly before: Diagram;
  readonly nat: Diagram;
  readonly after: Diagram;
  /** NAT of sources, behind everything else. */
  readonly last: Diagram;
}

/** The hooks that a client's packets pass on each path, put together. */
export class ClientWays {
  private readonly client: HookDiagrams;
  private readonly results: Results;
  private readonly circumstances: Circumstances;
  private readonly routing: PathRouting;
  private readonly halves = new Map<string, Halves>();

  constructor(client: HookDiagrams, circumstances: Circumstances, routing: PathRouting) {
    this.client = client;
    this.results = client.results;
    this.circumstances = circumstances;
    this.routing = routing;
  }

  /** The way of a client's packets. */
  of(path: SessionPath): Halves {
    return this.remembered(`opener ${path}`, () => {
      const stretches = new Stretches(this.client, this.circumstances, 0);
      const { routing } = this;
      const sequence = (stages: readonly Diagram[]): Diagram => this.client.sequence(stages);
      switch (path) {
        case "in":
          return {
            before: stretches.arrival(undefined),
            nat: stretches.nat("PREROUTING", undefined, ""),
            after: sequence([routing.stage("in"), stretches.input(undefined)]),
            last: stretches.nat("INPUT", undefined, ""),
          };
        case "forward":
          return {
            before: stretches.arrival(undefined),
            nat: stretches.nat("PREROUTING", undefined, ""),
            after: sequence([routing.stage("forward"), stretches.forward()]),
            last: stretches.nat("POSTROUTING", undefined, undefined),
          };
        case "out":
          return {
            before: routing.seenSettingOut(stretches.departure(undefined)),
            nat: routing.seenSettingOut(stretches.nat("OUTPUT", "", undefined)),
            after: sequence([routing.stage("out"), routing.seenSettingOut(stretches.output(undefined)), stretches.leaving(undefined)]),
            last: stretches.nat("POSTROUTING", "", undefined),
          };
        case "local":
          return {
            before: routing.beforeNat(sequence([routing.setOut(), stretches.departure(undefined)])),
            nat: stretches.nat("OUTPUT", "", undefined),
            after: sequence([
              routing.stage("local"),
              stretches.output(routing.redirects ? undefined : "lo"),
              stretches.leaving("lo"),
              stretches.nat("POSTROUTING", "", "lo"),
              this.circumstances.connection.confirmed(sequence([stretches.arrival("lo", true), stretches.input("lo")])),
            ]),
            last: this.results.accept,
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
  later(path: SessionPath, established: boolean): Halves {
    return this.remembered(`later ${path}`, () => {
      const { before, after, nat, last } = this.of(path);
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
      };
    });
  }

  private remembered(key: string, make: () => Halves): Halves {
    let result = this.halves.get(key);
    if (result === undefined) this.halves.set(key, (result = make()));
    return result;
  }
}
