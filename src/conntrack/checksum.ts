import { internetSum, PROTOCOL, pseudoHeaderSum4, pseudoHeaderSum6 } from "../packet/index.ts";
import type { Carrier } from "./carrier.ts";

/**
 * Does the Internet checksum over the transport part hold? The whole rest of the packet is summed unless `length` bytes are asked for, and the
 * pseudo header counts all of it; ICMP over IPv4 has no pseudo header. Kernel: utils.c, nf_checksum and nf_checksum_partial.
 */
export function sumHolds({ family, bytes, layout }: Pick<Carrier, "family" | "bytes" | "layout">, protocol: number, length?: number): boolean {
  const { l4, totalLength } = layout;
  const room = totalLength - l4;
  let pseudo = 0;
  if (family === 6) pseudo = pseudoHeaderSum6(bytes, protocol, room);
  else if (protocol === PROTOCOL.TCP || protocol === PROTOCOL.UDP) pseudo = pseudoHeaderSum4(bytes, protocol, room);
  return internetSum(bytes, l4, l4 + (length ?? room), pseudo) === 0xffff;
}
