/** How a packet stands to its connection (linux/netfilter/nf_conntrack_common.h, enum ip_conntrack_info). */
export const CT_INFO = {
  ESTABLISHED: 0,
  RELATED: 1,
  NEW: 2,
  ESTABLISHED_REPLY: 3,
  RELATED_REPLY: 4,
  UNTRACKED: 7,
} as const;

/** A value of `CT_INFO`. */
export type CtInfo = (typeof CT_INFO)[keyof typeof CT_INFO];

/** Direction of a packet in its connection: 0 original, 1 reply. */
export type Direction = 0 | 1;

/** The direction that an info value stands for (CTINFO2DIR). */
export function directionOf(info: CtInfo): Direction {
  return info === CT_INFO.ESTABLISHED_REPLY || info === CT_INFO.RELATED_REPLY ? 1 : 0;
}
