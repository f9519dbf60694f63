import { PROTOCOL } from "../packet/index.ts";
import { generic, gre } from "./generic.ts";
import { icmp, icmpv6 } from "./icmp.ts";
import type { ProtocolTracker } from "./protocol.ts";
import { sctp } from "./sctp.ts";
import { tcp } from "./tcp.ts";
import { udp, udplite } from "./udp.ts";

const TRACKERS: ReadonlyMap<number, ProtocolTracker> = new Map([
  [PROTOCOL.TCP, tcp],
  [PROTOCOL.UDP, udp],
  [PROTOCOL.UDPLITE, udplite],
  [PROTOCOL.ICMP, icmp],
  [PROTOCOL.ICMPV6, icmpv6],
  [PROTOCOL.SCTP, sctp],
  [PROTOCOL.GRE, gre],
]);

/** The tracker of a protocol (nf_conntrack_core.c, nf_conntrack_handle_packet). */
export const trackerOf = (protocol: number): ProtocolTracker => TRACKERS.get(protocol) ?? generic;
