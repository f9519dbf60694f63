import { u16, u32, u8 } from "../packet/index.ts";
import { bounds, logOwner, logTcp, logUdp, type LogLook } from "./log-parts.ts";

/** Kernel: nf_log_syslog.c, dump_ipv6_packet. `outer` is false for the packet that an ICMPv6 error quotes. */
export function logPacket6(look: LogLook, at: number, outer: boolean): string {
  const { bytes } = look;
  if (!bounds(look, at, 40)) return "TRUNCATED";
  const first = u32(bytes, at);
  let line = `SRC=${printIpv6(bytes, at + 8)} DST=${printIpv6(bytes, at + 24)} `;
  line += `LEN=${u16(bytes, at + 4) + 40} TC=${(first >>> 20) & 0xff} HOPLIMIT=${u8(bytes, at + 7)} FLOWLBL=${first & 0xfffff} `;
  const walk = walkExtensions(look, at + 40, u8(bytes, at + 6));
  line += walk.text;
  if (walk.ends) return line;
  const { protocol, offset, fragment } = walk;
  switch (protocol) {
    case 6: {
      const { text, cut } = logTcp(look, fragment, offset);
      line += text;
      if (cut) return line;
      break;
    }
    case 17:
    case 136: {
      const { text, cut } = logUdp(look, protocol, fragment, offset);
      line += text;
      if (cut) return line;
      break;
    }
    case 58: {
      line += "PROTO=ICMPv6 ";
      if (fragment) break;
      if (!bounds(look, offset, 8)) return `${line}INCOMPLETE [${look.length - offset} bytes] `;
      line += logIcmp6(look, offset, outer);
      break;
    }
    default:
      line += `PROTO=${protocol} `;
  }
  return outer ? line + logOwner(look) : line;
}

function logIcmp6(look: LogLook, at: number, outer: boolean): string {
  const { bytes } = look;
  const type = u8(bytes, at);
  let line = `TYPE=${type} CODE=${u8(bytes, at + 1)} `;
  if (type === 128 || type === 129) return `${line}ID=${u16(bytes, at + 4)} SEQ=${u16(bytes, at + 6)} `;
  if (type < 1 || type > 4) return line;
  if (type === 4)
    line += `POINTER=${u32(bytes, at + 4)
      .toString(16)
      .padStart(8, "0")} `;
  if (outer) line += `[${logPacket6(look, at + 8, false)}] `;
  if (type === 2) line += `MTU=${u32(bytes, at + 4)} `;
  return line;
}

interface Walk {
  readonly text: string;
  /** The line ends here. */
  readonly ends: boolean;
  readonly protocol: number;
  readonly offset: number;
  readonly fragment: boolean;
}

/** The extension headers, printed as they are passed. */
function walkExtensions(look: LogLook, start: number, next: number): Walk {
  const { bytes, length, log } = look;
  let text = "";
  let at = start;
  let protocol = next;
  let fragment = false;
  const end = (more: string): Walk => ({ text: text + more, ends: true, protocol, offset: at, fragment });
  while (protocol === 0 || protocol === 43 || protocol === 44 || protocol === 50 || protocol === 51 || protocol === 60) {
    if (!bounds(look, at, 2)) return end("TRUNCATED");
    if (log.ipOptions) text += "OPT ( ";
    let size: number;
    switch (protocol) {
      case 44: {
        text += "FRAG:";
        if (!bounds(look, at, 8)) return end("TRUNCATED ");
        const offset = u16(bytes, at + 2);
        text += `${offset & 0xfff8} ${offset & 1 ? "INCOMPLETE " : ""}ID:${u32(bytes, at + 4)
          .toString(16)
          .padStart(8, "0")} `;
        fragment = (offset & 0xfff8) !== 0;
        size = 8;
        break;
      }
      case 51:
        if (log.ipOptions) {
          text += "AH ";
          if (fragment) return end(")");
          if (!bounds(look, at, 12)) return end(`INCOMPLETE [${length - at} bytes] )`);
          text += `SPI=0x${u32(bytes, at + 4).toString(16)} `;
        }
        size = (u8(bytes, at + 1) + 2) * 4;
        break;
      case 50:
        if (!log.ipOptions) return end("");
        text += "ESP ";
        if (fragment) return end(")");
        if (!bounds(look, at, 8)) return end(`INCOMPLETE [${length - at} bytes] )`);
        return end(`SPI=0x${u32(bytes, at).toString(16)} )`);
      default:
        if (fragment) return end(log.ipOptions ? ")" : "");
        size = (u8(bytes, at + 1) + 1) * 8;
    }
    if (log.ipOptions) text += ") ";
    protocol = u8(bytes, at);
    at += size;
  }
  return { text, ends: false, protocol, offset: at, fragment };
}

/** All eight groups with all their digits, as %pI6 writes them. */
function printIpv6(bytes: Uint8Array, at: number): string {
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2)
    groups.push(
      u16(bytes, at + i)
        .toString(16)
        .padStart(4, "0"),
    );
  return groups.join(":");
}
