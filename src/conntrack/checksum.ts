import { internetSum, PROTOCOL, pseudoHeaderSum4, pseudoHeaderSum6 } from "../packet/index.ts";
import type { Carrier } from "./carrier.ts";

/** Does the Internet checksum over the whole rest of the packet hold? ICMP over IPv4 has no pseudo header. Kernel: utils.c, nf_checksum. */
export function sumHolds({ family, bytes, layout }: Pick<Carrier, "family" | "bytes" | "layout">, protocol: number): boolean {
  const { l4, totalLength } = layout;
  const room = totalLength - l4;
  let pseudo = 0;
  if (family === 6) pseudo = pseudoHeaderSum6(bytes, protocol, room);
  else if (protocol === PROTOCOL.TCP || protocol === PROTOCOL.UDP) pseudo = pseudoHeaderSum4(bytes, protocol, room);
  return internetSum(bytes, l4, totalLength, pseudo) === 0xffff;
}

/**
 * The same for UDPLite, as the kernel gets it wrong: it takes UDP's number for the pseudo header, and in IPv4 only the low byte of the length, for two
 * arguments are swapped. Kernel: nf_conntrack_proto_udp.c, udplite_error; utils.c, nf_ip_checksum_partial.
 */
export function udpliteSumHolds({ family, bytes, layout }: Pick<Carrier, "family" | "bytes" | "layout">, coverage: number): boolean {
  const { l4, totalLength } = layout;
  const room = totalLength - l4;
  const pseudo = family === 6 ? pseudoHeaderSum6(bytes, PROTOCOL.UDP, room) : pseudoHeaderSum4(bytes, PROTOCOL.UDP, room & 0xff);
  return internetSum(bytes, l4, l4 + coverage, pseudo) === 0xffff;
}
