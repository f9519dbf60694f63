/** IP protocol numbers that code of this room and of others names (IANA protocol-numbers, linux/in.h, linux/in6.h). */
export const PROTOCOL = {
  HOPOPTS: 0,
  ICMP: 1,
  IGMP: 2,
  IPIP: 4,
  TCP: 6,
  UDP: 17,
  DCCP: 33,
  IPV6: 41,
  ROUTING: 43,
  FRAGMENT: 44,
  GRE: 47,
  ESP: 50,
  AH: 51,
  ICMPV6: 58,
  NONE: 59,
  DSTOPTS: 60,
  SCTP: 132,
  MH: 135,
  UDPLITE: 136,
} as const;

/** Length of an IPv4 header without options, in bytes. */
export const IPV4_HEADER = 20;
/** Length of the fixed IPv6 header, in bytes. */
export const IPV6_HEADER = 40;
