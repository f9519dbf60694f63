import type { Family } from "../predicate/index.ts";

/** A conntrack helper that a rule may ask for by name, with the protocols it is registered for. */
export interface TrackingHelper {
  readonly name: string;
  readonly families: readonly Family[];
  readonly protocols: readonly number[];
}

const TCP = 6;
const UDP = 17;

/** The helpers of Linux 6.18. Kernel: nf_conntrack_{ftp,irc,sip,…}.c, the name, tuple.src.l3num and tuple.dst.protonum of each. */
export const HELPERS: readonly TrackingHelper[] = [
  { name: "ftp", families: [4, 6], protocols: [TCP] },
  { name: "sane", families: [4, 6], protocols: [TCP] },
  { name: "Q.931", families: [4, 6], protocols: [TCP] },
  { name: "irc", families: [4], protocols: [TCP] },
  { name: "pptp", families: [4], protocols: [TCP] },
  { name: "sip", families: [4, 6], protocols: [TCP, UDP] },
  { name: "tftp", families: [4, 6], protocols: [UDP] },
  { name: "amanda", families: [4, 6], protocols: [UDP] },
  { name: "RAS", families: [4, 6], protocols: [UDP] },
  { name: "H.245", families: [4, 6], protocols: [UDP] },
  { name: "netbios-ns", families: [4], protocols: [UDP] },
  { name: "snmp", families: [4], protocols: [UDP] },
  { name: "snmp_trap", families: [4], protocols: [UDP] },
];
