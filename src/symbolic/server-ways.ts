import type { Circumstances } from "./circumstances.ts";
import type { Diagram } from "./diagrams.ts";
import type { HookDiagrams } from "./hooks.ts";
import type { SessionPath } from "./session-end.ts";
import { Stretches } from "./stretches.ts";

/** The hooks that answers pass, by what NAT has changed back: nothing yet, the client's address, and both. */
export interface AnswerWay {
  readonly mapped: Diagram;
  readonly turned: Diagram;
  readonly back: Diagram;
}

/** The hooks that a server's packets pass on each path, put together and seen in a mirror. */
export class ServerWays {
  private readonly server: HookDiagrams;
  private readonly stretches: Stretches;

  constructor(server: HookDiagrams, circumstances: Circumstances) {
    this.server = server;
    this.stretches = new Stretches(server, circumstances, 1);
  }

  /** A server's packets as NAT changes them back: first where they go, then where they are from. */
  of(path: SessionPath): AnswerWay {
    const { server, stretches } = this;
    const { accept } = server.results;
    const leaving = (name: string | undefined): Diagram => server.sequence([stretches.output(name), stretches.leaving(name)]);
    switch (path) {
      case "in":
        return { mapped: stretches.departure(undefined), turned: leaving(undefined), back: accept };
      case "forward":
        return { mapped: stretches.arrival(undefined), turned: stretches.forward(), back: accept };
      case "out":
        return { mapped: stretches.arrival(undefined), turned: stretches.input(undefined), back: accept };
      case "local": {
        const back = server.sequence([stretches.arrival("lo", true), stretches.input("lo")]);
        return { mapped: stretches.departure("lo"), turned: leaving("lo"), back };
      }
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
