import { AD, ALU, ANCILLARY, BPF, CODES, JMP, MEMORY, MODE, RET_A, SOURCE_X } from "./bpf-codes.ts";
import type { BpfInstruction } from "./bpf-program.ts";

const WIDTH = 32;
const EVERYTHING = (1 << MEMORY) - 1;
const ANCILLARIES: ReadonlySet<number> = new Set<number>(Object.values(AD));

/** Why the kernel takes no such program, in a few words; undefined when it does. Kernel: net/core/filter.c, bpf_check_classic. */
export function bpfFault(program: readonly BpfInstruction[]): string | undefined {
  for (const [at, instruction] of program.entries()) {
    const fault = CODES.has(instruction.code) ? operandFault(instruction, program.length - at - 1) : `unknown code ${instruction.code}`;
    if (fault !== undefined) return `instruction ${at}: ${fault}`;
  }
  const last = program.at(-1);
  if (last?.code !== BPF.RET && last?.code !== (BPF.RET | RET_A)) return "the last instruction does not return";
  return memoryFault(program);
}

/** What is wrong with one instruction that `after` others follow. */
function operandFault({ code, ifTrue, ifFalse, k }: BpfInstruction, after: number): string | undefined {
  switch (code & 7) {
    case BPF.ALU:
      if ((code === (BPF.ALU | ALU.DIV) || code === (BPF.ALU | ALU.MOD)) && k === 0) return "division by zero";
      return (code === (BPF.ALU | ALU.LSH) || code === (BPF.ALU | ALU.RSH)) && k >= WIDTH ? `shift by ${k} bits` : undefined;
    case BPF.JMP: {
      const furthest = code === (BPF.JMP | JMP.JA) ? k : Math.max(ifTrue, ifFalse);
      return furthest >= after ? "jump beyond the end" : undefined;
    }
    case BPF.ST:
    case BPF.STX:
      return k >= MEMORY ? `no memory word ${k}` : undefined;
    case BPF.LD:
    case BPF.LDX:
      if ((code & 0xe0) === MODE.MEM && k >= MEMORY) return `no memory word ${k}`;
      return (code & 7) === BPF.LD && (code & 0xe0) === MODE.ABS && k >= ANCILLARY && !ANCILLARIES.has(k - ANCILLARY)
        ? `nothing at offset ${k}`
        : undefined;
    default:
      return undefined;
  }
}

/** A memory word must have been written on every way to where it is read. Kernel: net/core/filter.c, check_load_and_stores. */
function memoryFault(program: readonly BpfInstruction[]): string | undefined {
  /** The words written on every way that leads to an instruction. */
  const written = Array.from(program, () => EVERYTHING);
  let now = 0;
  const leadTo = (at: number): void => {
    written[at] = (written[at] ?? 0) & now;
  };
  for (const [at, { code, ifTrue, ifFalse, k }] of program.entries()) {
    now &= written[at] ?? 0;
    const kind = code & 7;
    if (kind === BPF.ST || kind === BPF.STX) now |= 1 << k;
    else if ((kind === BPF.LD || kind === BPF.LDX) && (code & 0xe0) === MODE.MEM) {
      if ((now & (1 << k)) === 0) return `instruction ${at}: memory word ${k} was never written`;
    } else if (kind === BPF.JMP) {
      if ((code & ~SOURCE_X) === (BPF.JMP | JMP.JA)) leadTo(at + 1 + k);
      else {
        leadTo(at + 1 + ifTrue);
        leadTo(at + 1 + ifFalse);
      }
      now = EVERYTHING;
    }
  }
  return undefined;
}
