import type { Circumstances } from "./circumstances.ts";
import type { Diagram } from "./diagrams.ts";
import type { HookDiagrams } from "./hooks.ts";
import type { SessionPath } from "./session-end.ts";
import { Stretches } from "./stretches.ts";

/** The hooks that a server's packets pass on each path, put together and seen in a mirror. */
export class ServerWays {
  private readonly server: HookDiagrams;
  private readonly stretches: Stretches;

  constructor(server: HookDiagrams, circumstances: Circumstances) {
    this.server = server;
    this.stretches = new Stretches(server, circumstances, 1);
  }

  /** A server's packets before NAT has changed them back, and behind it. */
  of(path: SessionPath): readonly [before: Diagram, after: Diagram] {
    const { server, stretches } = this;
    const { accept } = server.results;
    const leaving = (name: string | undefined): Diagram =>
      server.sequence([stretches.departure(name), stretches.output(name), stretches.leaving(name)]);
    switch (path) {
      case "in":
        // What NAT of INPUT did to sources is undone behind the tables that see where the server sends its packets.
        return [stretches.departure(undefined), server.sequence([stretches.output(undefined), stretches.leaving(undefined)])];
      case "forward":
        return [stretches.arrival(undefined), stretches.forward()];
      case "out":
        return [stretches.arrival(undefined), stretches.input(undefined)];
      case "local":
        return [accept, server.sequence([leaving("lo"), stretches.arrival("lo", true), stretches.input("lo")])];
    }
  }

  /** What NAT would do to a server's packets if their connection were new. */
  nat(path: SessionPath): Diagram {
    const { server, stretches } = this;
    switch (path) {
      case "in":
        return server.sequence([stretches.nat("OUTPUT", "", undefined), stretches.nat("POSTROUTING", "", undefined)]);
      case "forward":
        return server.sequence([stretches.nat("PREROUTING", undefined, ""), stretches.nat("POSTROUTING", undefined, undefined)]);
      case "out":
        return server.sequence([stretches.nat("PREROUTING", undefined, ""), stretches.nat("INPUT", undefined, "")]);
      case "local":
        return server.results.accept;
    }
  }
}
