import type { Facts, Moment } from "../predicate/index.ts";
import { ALU, ANCILLARY, BPF, JMP, MEMORY, MODE, RET_A, SIZE, SOURCE_X, TXA } from "./bpf-codes.ts";
import { loadAncillary, loadBytes } from "./bpf-packet.ts";
import type { BpfInstruction } from "./bpf-program.ts";

/**
 * What a program that bpfFault finds no fault with returns for a packet, in 32 bits. Jumps only lead forward, so that it ends. A load beyond the
 * packet and a division by zero return 0. Kernel: net/core/filter.c, bpf_convert_filter.
 */
export function runBpf(program: readonly BpfInstruction[], facts: Facts, moment: Moment): number {
  let a = 0;
  let x = 0;
  const memory = new Uint32Array(MEMORY);
  for (let at = 0; at < program.length; at++) {
    const { code, ifTrue, ifFalse, k } = program[at] as BpfInstruction;
    switch (code & 7) {
      case BPF.LD: {
        const value = load(code, k, a, x, memory, facts, moment);
        if (value === undefined) return 0;
        a = value;
        break;
      }
      case BPF.LDX: {
        const value = loadX(code, k, memory, facts);
        if (value === undefined) return 0;
        x = value;
        break;
      }
      case BPF.ST:
        memory[k] = a;
        break;
      case BPF.STX:
        memory[k] = x;
        break;
      case BPF.ALU: {
        const value = compute(code, a, code & SOURCE_X ? x : k);
        if (value === undefined) return 0;
        a = value;
        break;
      }
      case BPF.JMP:
        at += (code & 0xf0) === JMP.JA ? k : jumps(code, a, code & SOURCE_X ? x : k) ? ifTrue : ifFalse;
        break;
      case BPF.RET:
        return code & RET_A ? a : k;
      default:
        if (code & TXA) a = x;
        else x = a;
    }
  }
  return 0;
}

function load(code: number, k: number, a: number, x: number, memory: Uint32Array, facts: Facts, moment: Moment): number | undefined {
  const size = (code & 0x18) === SIZE.W ? 4 : (code & 0x18) === SIZE.H ? 2 : 1;
  switch (code & 0xe0) {
    case MODE.IMM:
      return k;
    case MODE.ABS:
      return k >= ANCILLARY ? loadAncillary(facts, moment, k, a, x) : loadBytes(facts, k, size);
    case MODE.IND:
      return loadBytes(facts, (x + k) >>> 0, size);
    case MODE.MEM:
      return memory[k] ?? 0;
    default:
      return facts.end;
  }
}

function loadX(code: number, k: number, memory: Uint32Array, facts: Facts): number | undefined {
  switch (code & 0xe0) {
    case MODE.IMM:
      return k;
    case MODE.MEM:
      return memory[k] ?? 0;
    case MODE.MSH: {
      const byte = loadBytes(facts, k, 1);
      return byte === undefined ? undefined : (byte & 0xf) * 4;
    }
    default:
      return facts.end;
  }
}

/** 32-bit arithmetic; shifts count modulo 32. Undefined for a division by zero. */
function compute(code: number, a: number, b: number): number | undefined {
  switch (code & 0xf0) {
    case ALU.ADD:
      return (a + b) >>> 0;
    case ALU.SUB:
      return (a - b) >>> 0;
    case ALU.MUL:
      return Math.imul(a, b) >>> 0;
    case ALU.DIV:
      return b === 0 ? undefined : Math.floor(a / b);
    case ALU.MOD:
      return b === 0 ? undefined : a % b;
    case ALU.OR:
      return (a | b) >>> 0;
    case ALU.AND:
      return (a & b) >>> 0;
    case ALU.LSH:
      return (a << b) >>> 0;
    case ALU.RSH:
      return a >>> b;
    case ALU.NEG:
      return -a >>> 0;
    default:
      return (a ^ b) >>> 0;
  }
}

function jumps(code: number, a: number, b: number): boolean {
  switch (code & 0xf0) {
    case JMP.JEQ:
      return a === b;
    case JMP.JGT:
      return a > b;
    case JMP.JGE:
      return a >= b;
    default:
      return (a & b) !== 0;
  }
}
