import { hex, setU16, u16, u32, u8 } from "../packet/index.ts";
import type { Log } from "../predicate/index.ts";
import type { Packet } from "./packet.ts";

/** What the printers of a log line share. `length` is the whole packet's, in bytes. */
export interface LogLook {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly log: Log;
  readonly packet: Packet;
}

/** Is there a header of `size` bytes at `at`? Kernel: skb_header_pointer. */
export function bounds(look: LogLook, at: number, size: number): boolean {
  return at + size <= look.length;
}

/** A dotted quad. */
export function printIpv4(bytes: Uint8Array, at: number): string {
  return `${u8(bytes, at)}.${u8(bytes, at + 1)}.${u8(bytes, at + 2)}.${u8(bytes, at + 3)}`;
}

/** `MAC=…` or, with --log-macdecode on Ethernet, its parts. Kernel: dump_ipv4_mac_header. */
export function addLinkHeader(packet: Packet, log: Log): string {
  const header = linkHeaderOf(packet);
  if (header === undefined) return "MAC= ";
  const colons = (bytes: Uint8Array): string => Array.from(bytes, value => value.toString(16).padStart(2, "0")).join(":");
  if (log.macDecode && packet.in?.link === "ethernet" && header.length >= 14) {
    return `MACSRC=${colons(header.subarray(6, 12))} MACDST=${colons(header.subarray(0, 6))} MACPROTO=${hex(header.subarray(12, 14))} `;
  }
  return `MAC=${colons(header.subarray(0, 14))} `;
}

/** The frame's own header, or the one it must have had; none on links without hardware addresses. */
function linkHeaderOf(packet: Packet): Uint8Array | undefined {
  if (packet.linkHeader !== undefined) return packet.linkHeader.length === 0 ? undefined : packet.linkHeader;
  const device = packet.in;
  if (device === undefined || device.link === "none") return undefined;
  if (device.link === "ethernet" && packet.mac === undefined) return undefined;
  const header = new Uint8Array(14);
  const put = (at: number, mac: number): void => {
    setU16(header, at, Math.floor(mac / 0x100000000));
    setU16(header, at + 2, Math.floor(mac / 0x10000) & 0xffff);
    setU16(header, at + 4, mac & 0xffff);
  };
  if (device.link === "ethernet") {
    put(0, packet.pkttype === 1 ? 0xffffffffffff : (device.mac ?? 0));
    put(6, packet.mac ?? 0);
  }
  setU16(header, 12, packet.family === 4 ? 0x0800 : 0x86dd);
  return header;
}

/** A transport's part of the line; `cut` ends the whole line there. */
export interface LogPart {
  readonly text: string;
  readonly cut: boolean;
}

/** Kernel: nf_log_dump_tcp_header. */
export function logTcp(look: LogLook, fragment: boolean, at: number): LogPart {
  const { bytes, length, log } = look;
  if (fragment) return { text: "PROTO=TCP ", cut: false };
  if (!bounds(look, at, 20)) return { text: `PROTO=TCP INCOMPLETE [${length - at} bytes] `, cut: true };
  let text = `PROTO=TCP SPT=${u16(bytes, at)} DPT=${u16(bytes, at + 2)} `;
  if (log.tcpSequence) text += `SEQ=${u32(bytes, at + 4)} ACK=${u32(bytes, at + 8)} `;
  const flags = u16(bytes, at + 12);
  text += `WINDOW=${u16(bytes, at + 14)} RES=0x${(((flags >> 8) & TCP_RESERVED) << 2).toString(16).padStart(2, "0")} `;
  for (const [bit, name] of TCP_FLAGS) if (flags & bit) text += `${name} `;
  text += `URGP=${u16(bytes, at + 18)} `;
  const options = (flags >> 12) * 4 - 20;
  if (log.tcpOptions && options > 0) {
    if (!bounds(look, at + 20, options)) return { text: `${text}OPT (TRUNCATED)`, cut: true };
    text += `OPT (${hex(bytes.subarray(at + 20, at + 20 + options)).toUpperCase()}) `;
  }
  return { text, cut: false };
}

/** Accurate ECN took one of the four bits. Kernel: tcp.h, TCP_RESERVED_BITS. */
const TCP_RESERVED = 0x0e;

const TCP_FLAGS: readonly (readonly [number, string])[] = [
  [0x100, "AE"],
  [0x80, "CWR"],
  [0x40, "ECE"],
  [0x20, "URG"],
  [0x10, "ACK"],
  [0x08, "PSH"],
  [0x04, "RST"],
  [0x02, "SYN"],
  [0x01, "FIN"],
];

/** Kernel: nf_log_dump_udp_header. */
export function logUdp(look: LogLook, protocol: number, fragment: boolean, at: number): LogPart {
  const { bytes, length } = look;
  const name = protocol === 17 ? "PROTO=UDP " : "PROTO=UDPLITE ";
  if (fragment) return { text: name, cut: false };
  if (!bounds(look, at, 8)) return { text: `${name}INCOMPLETE [${length - at} bytes] `, cut: true };
  return { text: `${name}SPT=${u16(bytes, at)} DPT=${u16(bytes, at + 2)} LEN=${u16(bytes, at + 4)} `, cut: false };
}

/** The socket's owner and the mark, of the packet itself only. */
export function logOwner({ packet, log }: LogLook): string {
  let line = "";
  if (log.uid && packet.uid !== undefined) line += `UID=${packet.uid} GID=${packet.gid ?? packet.uid} `;
  if (packet.mark !== 0) line += `MARK=0x${packet.mark.toString(16)} `;
  return line;
}
