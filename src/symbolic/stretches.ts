import type { Circumstances } from "./circumstances.ts";
import type { Diagram } from "./diagrams.ts";
import type { HookDiagrams } from "./hooks.ts";
import type { Instance } from "./level.ts";

/** The stretches of hooks that paths are made of, for packets of one side. "" is no interface, undefined any. */
export class Stretches {
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
