import { equal, invertIf } from "../../predicate/index.ts";
import { bounded, someOf, type MatchType, type Parsed } from "../../xtables/index.ts";

const spec = {
  cpu: { value: bounded(0, 0xffffffff), invert: true, required: true, help: "Number of the processor that handles the packet, from 0." },
} as const;
const grammar = someOf(spec);

/** `-m cpu`: the processor that handles the packet. Kernel: xt_cpu.c, cpu_mt. */
export const cpu: MatchType<{ readonly cpu?: Parsed<number> }> = {
  name: "cpu",
  help: "Match the processor that handles the packet.",
  options: grammar,
  lower: info => ({ predicate: invertIf(info.cpu?.invert ?? false, equal("cpu", info.cpu?.value ?? 0)) }),
  list: info => `cpu ${info.cpu?.invert ? "! " : ""}${info.cpu?.value}`,
};
