import { UsageError } from "../xtables/index.ts";

/** One instruction of classic BPF. Kernel: struct sock_filter. */
export interface BpfInstruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly k: number;
}

/** Kernel: XT_BPF_MAX_NUM_INSTR. */
const MOST_INSTRUCTIONS = 64;

/** A decimal number as C's sscanf reads it into so many bits, and the place behind it; undefined without digits. */
function scanDecimal(text: string, at: number, bits: number): { readonly value: number; readonly next: number } | undefined {
  DECIMAL.lastIndex = at;
  const found = DECIMAL.exec(text);
  if (!found) return undefined;
  const [, sign, digits = ""] = found;
  const size = digits.length > 20 ? U64_MAX : BigInt(digits);
  const value = size > U64_MAX ? U64_MAX : size;
  return { value: Number(BigInt.asUintN(bits, sign === "-" && value < U64_MAX ? -value : value)), next: DECIMAL.lastIndex };
}

const DECIMAL = /[ \t-\r]*([+-]?)0*(\d+)/y;
const U64_MAX = (1n << 64n) - 1n;

/** Reads `4,48 0 0 9,…`: the number of instructions, then each one's four numbers. Throws UsageError. libxt_bpf.c, bpf_parse_string. */
export function parseBpf(text: string): BpfInstruction[] {
  const length = scanDecimal(text, 0, 16);
  if (!length || text[length.next] !== ",") throw new UsageError("bpf: error parsing program length");
  if (length.value === 0) throw new UsageError("bpf: illegal zero length program");
  if (length.value > MOST_INSTRUCTIONS) throw new UsageError("bpf: number of instructions exceeds maximum");
  const program: BpfInstruction[] = [];
  for (let comma = length.next; comma >= 0 && comma + 1 < text.length; comma = text.indexOf(",", comma + 1)) {
    if (program.length >= length.value) throw new UsageError("bpf: real program length exceeds the encoded length parameter");
    const instruction = readInstruction(text, comma + 1);
    if (!instruction) throw new UsageError(`bpf: error at instr ${program.length}`);
    program.push(instruction);
  }
  if (program.length !== length.value) throw new UsageError("bpf: parsed program length is less than the encoded length parameter");
  return program;
}

function readInstruction(text: string, at: number): BpfInstruction | undefined {
  const code = scanDecimal(text, at, 16);
  const ifTrue = code && scanDecimal(text, code.next, 8);
  const ifFalse = ifTrue && scanDecimal(text, ifTrue.next, 8);
  const k = ifFalse && scanDecimal(text, ifFalse.next, 32);
  return k && { code: code.value, ifTrue: ifTrue.value, ifFalse: ifFalse.value, k: k.value };
}

/** `48 0 0 9,21 0 1 6,…` */
export function printBpf(program: readonly BpfInstruction[]): string {
  return program.map(({ code, ifTrue, ifFalse, k }) => `${code} ${ifTrue} ${ifFalse} ${k}`).join(",");
}
