import { setU32, u32, u8 } from "../packet/index.ts";
import type { Direction } from "./direction.ts";
import { STATUS, type Connection, type SequenceShift } from "./connection.ts";
import { replaceWords } from "./manip.ts";

/** Is a after b on the circle of sequence numbers? */
const isAfter = (a: number, b: number): boolean => ((b - a) | 0) < 0;

/** The length of a segment changed by `by` bytes: what follows it is shifted (nf_conntrack_seqadj.c, nf_ct_seqadj_set). */
export function shiftSequence(connection: Connection, direction: Direction, sequence: number, by: number): void {
  if (by === 0) return;
  const shift = shiftsOf(connection)[direction];
  connection.status |= STATUS.SEQ_ADJUST;
  if (shift.before !== shift.after && !isAfter(sequence, shift.position)) return;
  shift.position = sequence;
  shift.before = shift.after;
  shift.after += by;
}

/** All sequence numbers of a direction are shifted from now on (nf_ct_seqadj_init); SYNPROXY asks for it. */
export function beginShift(connection: Connection, direction: Direction, by: number): void {
  if (by === 0) return;
  connection.status |= STATUS.SEQ_ADJUST;
  Object.assign(shiftsOf(connection)[direction], { before: by, after: by });
}

/** By how much a direction's sequence numbers are shifted at one of them (nf_ct_seq_offset). */
export function sequenceOffset({ shifts }: Connection, direction: Direction, sequence: number): number {
  if (shifts === undefined) return 0;
  const { position, before, after } = shifts[direction];
  return isAfter(sequence, position) ? after : before;
}

/** Shifts the numbers of a segment whose TCP header is at `l4`, SACK blocks too; false when its options are broken (nf_ct_seq_adjust). */
export function adjustSequence(bytes: Uint8Array, l4: number, end: number, connection: Connection, direction: Direction): boolean {
  if (l4 + TCP_LEAST > end) return false;
  const sequence = u32(bytes, l4 + 4);
  replace(bytes, l4, l4 + 4, sequence + sequenceOffset(connection, direction, sequence));
  if (!(u8(bytes, l4 + 13) & ACK)) return true;
  const back = shiftsOf(connection)[direction === 0 ? 1 : 0];
  replace(bytes, l4, l4 + 8, shiftedBack(u32(bytes, l4 + 8), back));
  return adjustSelective(bytes, l4, end, back);
}

const TCP_LEAST = 20;
const ACK = 0x10;
const SACK = 5;
const SACK_BLOCK = 8;

/** Kernel: nf_ct_sack_adjust. */
function adjustSelective(bytes: Uint8Array, l4: number, end: number, back: SequenceShift): boolean {
  const stop = l4 + (u8(bytes, l4 + 12) >> 4) * 4;
  if (stop > end) return false;
  for (let at = l4 + TCP_LEAST; at < stop;) {
    const kind = u8(bytes, at);
    if (kind === 0) return true;
    if (kind === 1) {
      at++;
      continue;
    }
    if (at + 1 === stop) return false;
    const length = u8(bytes, at + 1);
    if (at + length > stop || length < 2) return false;
    if (kind === SACK && length >= 2 + SACK_BLOCK && (length - 2) % SACK_BLOCK === 0)
      for (let edge = at + 2; edge < at + length; edge += 4) replace(bytes, l4, edge, shiftedBack(u32(bytes, edge), back));
    at += length;
  }
  return true;
}

/** A number that the receiver saw, as the sender knows it. */
function shiftedBack(sequence: number, { position, before, after }: SequenceShift): number {
  return sequence - (isAfter((sequence - before) >>> 0, position) ? after : before);
}

/** Like the kernel it does not mind that a number at an odd place weighs the other way round in the checksum (inet_proto_csum_replace4). */
function replace(bytes: Uint8Array, l4: number, at: number, value: number): void {
  const old = u32(bytes, at);
  replaceWords(bytes, l4 + 16, [old], [value >>> 0]);
  setU32(bytes, at, value >>> 0);
}

function shiftsOf(connection: Connection): readonly [SequenceShift, SequenceShift] {
  connection.shifts ??= [
    { position: 0, before: 0, after: 0 },
    { position: 0, before: 0, after: 0 },
  ];
  return connection.shifts;
}
