import { hex, u16, u32, u8 } from "../packet/index.ts";
import type { Log } from "../predicate/index.ts";
import { logPacket6 } from "./log-ipv6.ts";
import { addLinkHeader, bounds, logOwner, logTcp, logUdp, printIpv4, type LogLook } from "./log-parts.ts";
import type { Packet } from "./packet.ts";

/** Bytes that the kernel wants to see of an ICMP message before it prints its parts. */
const ICMP_REQUIRED: ReadonlyMap<number, number> = new Map([
  [0, 4],
  [3, 28],
  [4, 28],
  [5, 28],
  [8, 4],
  [11, 28],
  [12, 28],
  [13, 20],
  [14, 20],
  [17, 12],
  [18, 12],
]);

/** The line that a LOG rule writes for a packet, as the kernel ends it: with a blank. Kernel: nf_log_syslog.c, nf_log_ip_packet and nf_log_ip6_packet. */
export function logLine(packet: Packet, log: Log): string {
  const look: LogLook = { bytes: packet.bytes, length: packet.bytes.length, log, packet };
  let line = `${log.prefix}IN=${packet.in?.name ?? ""} OUT=${packet.out?.name ?? ""} `;
  if (packet.physin !== undefined && packet.physin !== packet.in?.name) line += `PHYSIN=${packet.physin} `;
  if (packet.physout !== undefined && packet.physout !== packet.out?.name) line += `PHYSOUT=${packet.physout} `;
  if (packet.in !== undefined) line += addLinkHeader(packet, log);
  return line + (packet.family === 4 ? logPacket4(look, 0) : logPacket6(look, 0, true));
}

/** Kernel: dump_ipv4_packet. `at` is 0 for the packet itself, else the offset of the one that an ICMP error quotes. */
function logPacket4(look: LogLook, at: number): string {
  const { bytes, length, log } = look;
  if (!bounds(look, at, 20)) return "TRUNCATED";
  const headerLength = (u8(bytes, at) & 15) * 4;
  const tos = u8(bytes, at + 1);
  const fragment = u16(bytes, at + 6);
  const offset = fragment & 0x1fff;
  const protocol = u8(bytes, at + 9);
  let line = `SRC=${printIpv4(bytes, at + 12)} DST=${printIpv4(bytes, at + 16)} `;
  line += `LEN=${u16(bytes, at + 2)} TOS=0x${byte(tos & 0x1e)} PREC=0x${byte(tos & 0xe0)} TTL=${u8(bytes, at + 8)} ID=${u16(bytes, at + 4)} `;
  if (fragment & 0x8000) line += "CE ";
  if (fragment & 0x4000) line += "DF ";
  if (fragment & 0x2000) line += "MF ";
  if (offset !== 0) line += `FRAG:${offset} `;
  if (log.ipOptions && headerLength > 20) {
    if (!bounds(look, at + 20, headerLength - 20)) return `${line}TRUNCATED`;
    line += `OPT (${hex(bytes.subarray(at + 20, at + headerLength)).toUpperCase()}) `;
  }
  const l4 = at + headerLength;
  switch (protocol) {
    case 6: {
      const { text, cut } = logTcp(look, offset !== 0, l4);
      line += text;
      if (cut) return line;
      break;
    }
    case 17:
    case 136: {
      const { text, cut } = logUdp(look, protocol, offset !== 0, l4);
      line += text;
      if (cut) return line;
      break;
    }
    case 1:
      line += `PROTO=ICMP ${offset === 0 ? logIcmp4(look, at, l4) : ""}`;
      break;
    case 50:
    case 51:
      line += `PROTO=${protocol === 50 ? "ESP" : "AH"} `;
      if (offset !== 0) break;
      if (!bounds(look, l4, protocol === 50 ? 8 : 12)) line += `INCOMPLETE [${length - l4} bytes] `;
      else line += `SPI=0x${u32(bytes, protocol === 50 ? l4 : l4 + 4).toString(16)} `;
      break;
    default:
      line += `PROTO=${protocol} `;
  }
  return at === 0 ? line + logOwner(look) : line;
}

function logIcmp4(look: LogLook, at: number, l4: number): string {
  const { bytes, length } = look;
  const incomplete = `INCOMPLETE [${length - l4} bytes] `;
  if (!bounds(look, l4, 8)) return incomplete;
  const type = u8(bytes, l4);
  const code = u8(bytes, l4 + 1);
  let line = `TYPE=${type} CODE=${code} `;
  if (length - l4 < (ICMP_REQUIRED.get(type) ?? 0)) return line + incomplete;
  switch (type) {
    case 0:
    case 8:
      return `${line}ID=${u16(bytes, l4 + 4)} SEQ=${u16(bytes, l4 + 6)} `;
    case 12:
      return `${line}PARAMETER=${u8(bytes, l4 + 4)} `;
    case 3:
    case 4:
    case 5:
    case 11:
      if (type === 5) line += `GATEWAY=${printIpv4(bytes, l4 + 4)} `;
      if (at === 0) line += `[${logPacket4(look, l4 + 8)}] `;
      if (type === 3 && code === 4) line += `MTU=${u16(bytes, l4 + 6)} `;
      return line;
    default:
      return line;
  }
}

function byte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, "0");
}
