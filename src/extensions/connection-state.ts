import { among, bits, CT_STATE, CT_STATUS, any, not, type Predicate } from "../predicate/index.ts";
import type { Word } from "../xtables/index.ts";

/** State bits as the kernel has them: one for each CT_STATE, in an order of its own. Kernel: xt_conntrack.h, XT_CONNTRACK_STATE_*. */
export const STATE = { INVALID: 1, ESTABLISHED: 2, RELATED: 4, NEW: 8, SNAT: 64, DNAT: 128, UNTRACKED: 256 } as const;

/** The words of `--state`, in the order in which an abbreviation is looked up. */
export const STATE_WORDS: readonly Word<number>[] = [
  ["INVALID", STATE.INVALID],
  ["NEW", STATE.NEW],
  ["ESTABLISHED", STATE.ESTABLISHED],
  ["RELATED", STATE.RELATED],
  ["UNTRACKED", STATE.UNTRACKED],
];

/** The same in the order in which they are printed, with those of `--ctstate`. */
export const PRINTED_STATES: readonly Word<number>[] = [
  ["INVALID", STATE.INVALID],
  ["NEW", STATE.NEW],
  ["RELATED", STATE.RELATED],
  ["ESTABLISHED", STATE.ESTABLISHED],
  ["UNTRACKED", STATE.UNTRACKED],
  ["SNAT", STATE.SNAT],
  ["DNAT", STATE.DNAT],
];

/**
 * Is the packet in one of the states? SNAT and DNAT are bits of the connection's status, so they hold beside NEW or ESTABLISHED.
 * Kernel: xt_conntrack.c, conntrack_mt.
 */
export function lowerState(mask: number): Predicate {
  const states = (["INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED"] as const).filter(name => (mask & STATE[name]) !== 0);
  const parts: Predicate[] = [];
  if (states.length) parts.push(among("ctstate", ...states.map(name => [CT_STATE[name], CT_STATE[name]] as const)));
  if (mask & STATE.SNAT) parts.push(statusBits(CT_STATUS.SRC_NAT));
  if (mask & STATE.DNAT) parts.push(statusBits(CT_STATUS.DST_NAT));
  return parts.length === 1 && parts[0] ? parts[0] : any(...parts);
}

/** Is one of the bits set in the connection's status? Never for a packet without a connection. */
export function anyStatus(mask: number): Predicate {
  const set = Object.values(CT_STATUS).filter(bit => (mask & bit) !== 0);
  return set.length === 1 && set[0] !== undefined ? statusBits(set[0]) : any(...set.map(statusBits));
}

const statusBits = (bit: number): Predicate => bits("ctstatus", bit, bit);

/** The packet belongs to a connection: it is neither invalid nor untracked. */
export const hasConnection: Predicate = not(
  among("ctstate", [CT_STATE.INVALID, CT_STATE.INVALID], [CT_STATE.UNTRACKED, CT_STATE.UNTRACKED]),
);
