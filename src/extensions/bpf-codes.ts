/** Operation codes of classic BPF: class, size or operation, and mode or source. Kernel: linux/bpf_common.h. */
export const BPF = { LD: 0, LDX: 1, ST: 2, STX: 3, ALU: 4, JMP: 5, RET: 6, MISC: 7 } as const;

/** Where a load takes its value from. */
export const MODE = { IMM: 0x00, ABS: 0x20, IND: 0x40, MEM: 0x60, LEN: 0x80, MSH: 0xa0 } as const;

/** Sizes of a load. */
export const SIZE = { W: 0x00, H: 0x08, B: 0x10 } as const;

/** Operations of the class ALU. */
export const ALU = {
  ADD: 0x00,
  SUB: 0x10,
  MUL: 0x20,
  DIV: 0x30,
  OR: 0x40,
  AND: 0x50,
  LSH: 0x60,
  RSH: 0x70,
  NEG: 0x80,
  MOD: 0x90,
  XOR: 0xa0,
} as const;

/** Operations of the class JMP. */
export const JMP = { JA: 0x00, JEQ: 0x10, JGT: 0x20, JGE: 0x30, JSET: 0x40 } as const;

/** The second operand is X rather than k. */
export const SOURCE_X = 0x08;
/** Of the class RET: the value is A rather than k. */
export const RET_A = 0x10;
/** Of the class MISC: A becomes X, rather than X A. */
export const TXA = 0x80;

/** The words of memory that a program has. Kernel: BPF_MEMWORDS. */
export const MEMORY = 16;

/** Offsets from here on stand for what the kernel knows of a packet beside its bytes. Kernel: SKF_AD_OFF. */
export const ANCILLARY = 0xfffff000;
/** The ancillary values by their offset from ANCILLARY. Kernel: SKF_AD_*. */
export const AD = {
  PROTOCOL: 0,
  PKTTYPE: 4,
  IFINDEX: 8,
  NLATTR: 12,
  NLATTR_NEST: 16,
  MARK: 20,
  QUEUE: 24,
  HATYPE: 28,
  RXHASH: 32,
  CPU: 36,
  ALU_XOR_X: 40,
  VLAN_TAG: 44,
  VLAN_TAG_PRESENT: 48,
  PAY_OFFSET: 52,
  RANDOM: 56,
  VLAN_TPID: 60,
} as const;

/** Offsets from the network header, and from the link header. Kernel: SKF_NET_OFF, SKF_LL_OFF. */
export const FROM_NETWORK = 0xfff00000;
export const FROM_LINK = 0xffe00000;

/** Every code that the kernel takes. Kernel: net/core/filter.c, chk_code_allowed. */
export const CODES: ReadonlySet<number> = new Set([
  ...Object.values(ALU).flatMap(operation =>
    operation === ALU.NEG ? [BPF.ALU | operation] : [BPF.ALU | operation, BPF.ALU | operation | SOURCE_X],
  ),
  ...Object.values(SIZE).flatMap(size => [BPF.LD | size | MODE.ABS, BPF.LD | size | MODE.IND]),
  BPF.LD | MODE.LEN,
  BPF.LD | MODE.IMM,
  BPF.LD | MODE.MEM,
  BPF.LDX | MODE.LEN,
  BPF.LDX | SIZE.B | MODE.MSH,
  BPF.LDX | MODE.IMM,
  BPF.LDX | MODE.MEM,
  BPF.ST,
  BPF.STX,
  BPF.MISC,
  BPF.MISC | TXA,
  BPF.RET,
  BPF.RET | RET_A,
  BPF.JMP | JMP.JA,
  ...[JMP.JEQ, JMP.JGT, JMP.JGE, JMP.JSET].flatMap(operation => [BPF.JMP | operation, BPF.JMP | operation | SOURCE_X]),
]);
