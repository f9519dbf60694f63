import { opaque } from "../../predicate/index.ts";
import { finallyChecked, UsageError, type MatchType, type Value } from "../../xtables/index.ts";
import { bpfFault } from "../bpf-check.ts";
import { parseBpf, printBpf, type BpfInstruction } from "../bpf-program.ts";
import { runBpf } from "../bpf-run.ts";

type Program = readonly BpfInstruction[];

const bytecode: Value<Program> = {
  shape: "program",
  parse: parseBpf,
  print: program => `"${program.length},${printBpf(program)}"`,
};

/** A program in the kernel's own file system, which is not there to be read. */
const pinned: Value<never> = {
  shape: "path",
  parse() {
    throw new UsageError("bpf: failed to get bpf object");
  },
  print: String,
};

const grammar = finallyChecked(
  {
    bytecode: {
      value: bytecode,
      help: "Classic BPF in decimal: the number of instructions, then code, two jumps and a number of each, as nfbpf_compile prints it.",
    },
    "object-pinned": { value: pinned, help: "An eBPF program that the kernel holds: refused, for only the kernel can run it." },
  },
  ({ bytecode: program }): Program => {
    if (!program) throw new UsageError("bpf: one of --bytecode or --pinned is required");
    return program.value;
  },
);

/** `-m bpf`: a classic BPF program that sees the packet from its IP header on. Kernel: xt_bpf.c, bpf_mt_v1. */
export const bpf: MatchType<Program> = {
  name: "bpf",
  help: "Match by a BPF program.",
  options: {
    ...grammar,
    save: program => `--bytecode ${bytecode.print(program, 4)}`,
  },
  check(program) {
    const fault = bpfFault(program);
    return fault === undefined ? undefined : `bpf match: check failed: ${fault}`;
  },
  lower: program => ({
    predicate: opaque<undefined>({
      name: "bpf",
      about: `bpf ${printBpf(program)}`,
      depends: "packet",
      start: () => undefined,
      step: (_, facts, moment) => runBpf(program, facts, moment) !== 0,
    }),
  }),
  listsGlued: true,
  list: program => `match bpf ${printBpf(program)}\0`,
};
