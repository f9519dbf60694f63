import { CT_STATE } from "../predicate/index.ts";
import type { Circumstances, Instance } from "./circumstances.ts";
import type { Diagram } from "./diagrams.ts";
import type { HookDiagrams } from "./hooks.ts";
import type { Results } from "./outcome.ts";
import type { PathRouting } from "./path-routing.ts";
import type { SessionPath } from "./session-end.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY } from "./surroundings.ts";

/** The part of a path before NAT has rewritten the packet, and the part after it. */
export interface Halves {
  readonly before: Diagram;
  readonly nat: Diagram;
  readonly after: Diagram;
  /** NAT of sources, behind everything else. */
  readonly last: Diagram;
}

/** The hooks that packets pass on each path, put together: those of the client, and those of the server. */
export class Ways {
  private readonly client: HookDiagrams;
  private readonly server: HookDiagrams;
  private readonly results: Results;
  private readonly circumstances: Circumstances;
  private readonly routing: PathRouting;
  private readonly halves = new Map<string, Halves>();

  constructor(client: HookDiagrams, server: HookDiagrams, circumstances: Circumstances, routing: PathRouting) {
    this.client = client;
    this.server = server;
    this.results = client.results;
    this.circumstances = circumstances;
    this.routing = routing;
  }

  /** The way of a client's packets. */
  ofClient(path: SessionPath): Halves {
    return this.remembered(`client ${path}`, () => {
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
            before: sequence([routing.setOut(), stretches.departure(undefined)]),
            nat: stretches.nat("OUTPUT", "", undefined),
            after: sequence([
              routing.stage("local"),
              stretches.output(routing.turns ? undefined : "lo"),
              stretches.leaving("lo"),
              stretches.nat("POSTROUTING", "", "lo"),
              stretches.arrival("lo", true),
              stretches.input("lo"),
            ]),
            last: this.results.accept,
          };
      }
    });
  }

  /** The way of a server's packets, seen in a mirror. */
  ofServer(path: SessionPath): Halves {
    return this.remembered(`server ${path}`, () => {
      const stretches = new Stretches(this.server, this.circumstances, 1);
      const { accept } = this.results;
      const sequence = (stages: readonly Diagram[]): Diagram => this.server.sequence(stages);
      const leaving = (name: string | undefined): Diagram =>
        sequence([stretches.departure(name), stretches.output(name), stretches.leaving(name)]);
      const halves = (before: Diagram, after: Diagram): Halves => ({ before, nat: accept, after, last: accept });
      switch (path) {
        case "in":
          return halves(accept, leaving(undefined));
        case "forward":
          return halves(stretches.arrival(undefined), stretches.forward());
        case "out":
          return halves(stretches.arrival(undefined), stretches.input(undefined));
        case "local":
          return halves(accept, sequence([leaving("lo"), stretches.arrival("lo", true), stretches.input("lo")]));
      }
    });
  }

  /** What NAT would do to a server's packets if their connection were new, seen in a mirror. */
  natOfServer(path: SessionPath): Diagram {
    const stretches = new Stretches(this.server, this.circumstances, 1);
    switch (path) {
      case "in":
        return this.server.sequence([stretches.nat("OUTPUT", "", undefined), stretches.nat("POSTROUTING", "", undefined)]);
      case "forward":
        return this.server.sequence([stretches.nat("PREROUTING", undefined, ""), stretches.nat("POSTROUTING", undefined, undefined)]);
      case "out":
        return this.server.sequence([stretches.nat("PREROUTING", undefined, ""), stretches.nat("INPUT", undefined, "")]);
      case "local":
        return this.results.accept;
    }
  }

  /** Packets on the whole of a client's way, put together. */
  settled(path: SessionPath, whole: Diagram): Diagram {
    return path === "out" ? this.routing.settingOut(whole) : whole;
  }

  /** The client's way of later packets; those whose connection is there (`established`) most rulesets let through at once. */
  later(path: SessionPath, established: boolean): Halves {
    return this.remembered(`later ${path}`, () => {
      const { before, after, nat, last } = this.ofClient(path);
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

/** The stretches of hooks that paths are made of, for packets of one side. "" is no interface, undefined any. */
class Stretches {
  private readonly hooks: HookDiagrams;
  private readonly circumstances: Circumstances;
  private readonly instance: Instance;

  constructor(hooks: HookDiagrams, circumstances: Circumstances, instance: Instance) {
    this.hooks = hooks;
    this.circumstances = circumstances;
    this.instance = instance;
  }

  /** Before NAT has seen a packet that comes in; `again`: it came over loopback. */
  arrival(input: string | undefined, again = false): Diagram {
    return this.at([this.hooks.stage("PREROUTING", "raw", again), this.hooks.stage("PREROUTING", "mangle")], input, "");
  }

  input(input: string | undefined): Diagram {
    const { hooks } = this;
    return this.at([hooks.stage("INPUT", "mangle"), hooks.stage("INPUT", "filter"), hooks.stage("INPUT", "security")], input, "");
  }

  forward(): Diagram {
    const { hooks } = this;
    return this.circumstances.passedOn(
      hooks.sequence([
        hooks.stage("FORWARD", "mangle"),
        hooks.stage("FORWARD", "filter"),
        hooks.stage("FORWARD", "security"),
        hooks.stage("POSTROUTING", "mangle"),
      ]),
      this.instance,
    );
  }

  /** What a packet of this machine meets before NAT. */
  departure(output: string | undefined): Diagram {
    return this.at([this.hooks.stage("OUTPUT", "raw"), this.hooks.stage("OUTPUT", "mangle")], "", output);
  }

  /** What it meets behind NAT of destinations: OUTPUT still sees the interface that the packet set out for. Kernel: netfilter.h, nf_hook_state. */
  output(output: string | undefined): Diagram {
    return this.at([this.hooks.stage("OUTPUT", "filter"), this.hooks.stage("OUTPUT", "security")], "", output);
  }

  leaving(output: string | undefined): Diagram {
    return this.at([this.hooks.stage("POSTROUTING", "mangle")], "", output);
  }

  nat(hook: "PREROUTING" | "INPUT" | "OUTPUT" | "POSTROUTING", input: string | undefined, output: string | undefined): Diagram {
    return this.at([this.hooks.stage(hook, "nat")], input, output);
  }

  private at(stages: readonly Diagram[], input: string | undefined, output: string | undefined): Diagram {
    return this.circumstances.interfaces(this.hooks.sequence(stages), input, output, this.instance);
  }
}
