import { internetSum, pseudoHeaderSum4, pseudoHeaderSum6, u16 } from "../packet/index.ts";
import { skipExtensions } from "./icmp-error.ts";
import type { Packet } from "./packet.ts";

/** Protocols whose checksum does not cover the whole payload, or that have none: REJECT trusts them. Kernel: nf_reject.h, nf_reject_verify_csum. */
const UNCHECKED: ReadonlySet<number> = new Set([47, 50, 51, 132, 136]);

/**
 * May REJECT answer with an ICMP error as far as the checksum goes? Every other protocol is summed as if it had an Internet checksum, without a
 * pseudo header in IPv4, so that IP-in-IP and OSPF are rarely answered. Kernel: nf_reject_ipv4.c, nf_send_unreach; nf_reject_ipv6.c, reject6_csum_ok.
 */
export function mayReject(packet: Packet): boolean {
  const { layout, bytes } = packet;
  if (packet.family === 4) {
    if (trusted(packet) || packet.sumValid || !verifies(bytes, layout.protocol, layout.l4, layout.totalLength)) return true;
    return checksumOk(packet, layout.protocol, layout.l4);
  }
  if (trusted(packet) || packet.sumValid) return true;
  const found = skipExtensions(layout, bytes);
  if (found === undefined || found.offset >= layout.totalLength || layout.fragmentOffset !== 0) return false;
  return !verifies(bytes, found.protocol, found.offset, layout.totalLength) || checksumOk(packet, found.protocol, found.offset);
}

/** What the kernel made itself is right. What tracking has summed is not beyond doubt: forwarding forgets the sum. Kernel: skb_forward_csum. */
function trusted(packet: Packet): boolean {
  return packet.checksum === "made-here";
}

function verifies(bytes: Uint8Array, protocol: number, at: number, end: number): boolean {
  if (protocol === 17) return at + 8 > end || u16(bytes, at + 6) !== 0;
  return !UNCHECKED.has(protocol);
}

/** Is the sum over the rest of the packet right? Kernel: utils.c, nf_ip_checksum and nf_ip6_checksum. */
export function checksumOk(packet: Packet, protocol: number, at: number): boolean {
  if (trusted(packet)) return true;
  const { bytes } = packet;
  const end = bytes.length;
  const length = end - at;
  let initial = 0;
  if (packet.family === 6) initial = pseudoHeaderSum6(bytes, protocol, length);
  else if (protocol === 6 || protocol === 17) initial = pseudoHeaderSum4(bytes, protocol, length);
  // The IPv4 header is summed too and counts nothing, so that a payload of nothing or of zeros passes.
  const sum = internetSum(bytes, at, end, initial);
  return sum === 0xffff || (sum === 0 && packet.family === 4);
}
