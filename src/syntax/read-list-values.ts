import { TCP_FLAG_NAMES } from "../packet/index.ts";

/** SCTP chunk names as the option takes them, by number. libxt_sctp. */
const CHUNKS: ReadonlyMap<number, string> = new Map([
  ...[
    "DATA",
    "INIT",
    "INIT_ACK",
    "SACK",
    "HEARTBEAT",
    "HEARTBEAT_ACK",
    "ABORT",
    "SHUTDOWN",
    "SHUTDOWN_ACK",
    "ERROR",
    "COOKIE_ECHO",
    "COOKIE_ACK",
    "ECN_ECNE",
    "ECN_CWR",
    "SHUTDOWN_COMPLETE",
  ].map((name, number): [number, string] => [number, name]),
  [64, "I_DATA"],
  [128, "ASCONF_ACK"],
  [130, "RE_CONFIG"],
  [132, "PAD"],
  [192, "FORWARD_TSN"],
  [193, "ASCONF"],
  [194, "I_FORWARD_TSN"],
]);

/** `0x17/0x02` or `FIN,SYN/SYN`: the two words of --tcp-flags. */
export function tcpFlags(token: string): readonly string[] | undefined {
  const [mask, set, more] = token.split("/");
  if (mask === undefined || set === undefined || more !== undefined) return undefined;
  const words = [mask, set].map(part => (part.startsWith("0x") ? flagNames(Number(part)) : part));
  return words.every(word => word !== undefined) ? words : undefined;
}

function flagNames(bits: number): string | undefined {
  if (!(bits >= 0 && bits <= 0x3f)) return undefined;
  return (
    TCP_FLAG_NAMES.filter(([, bit]) => bits & bit)
      .map(([name]) => name)
      .join(",") || "NONE"
  );
}

/** `0x0000:Be,0x0001`: the chunk types by name. */
export function chunkTypes(token: string): readonly string[] | undefined {
  const parts = token.split(",").map(part => {
    const [type = "", ...flags] = part.split(":");
    const name = type.startsWith("0x") ? CHUNKS.get(Number(type)) : type;
    return name === undefined ? undefined : [name, ...flags].join(":");
  });
  return parts.every(part => part !== undefined) ? [parts.join(",")] : undefined;
}

/** A mask that CONNMARK lists behind a tilde. */
export const withoutTilde = (token: string): readonly string[] => [token.startsWith("~") ? token.slice(1) : token];

const DCCP_TYPES = "REQUEST RESPONSE DATA ACK DATAACK CLOSEREQ CLOSE RESET SYNC SYNCACK".split(" ");

/** `0,3` or `REQUEST,ACK`: the packet types by name; every reserved number is INVALID. libxt_dccp. */
export function dccpTypes(token: string): readonly string[] | undefined {
  const names = token.split(",").map(type => (/^\d{1,2}$/.test(type) ? (DCCP_TYPES[Number(type)] ?? "INVALID") : type));
  return names.every(name => name === "INVALID" || DCCP_TYPES.includes(name)) ? [[...new Set(names)].join(",")] : undefined;
}

const HEADER_BITS = "protocol ipv6-nonxt esp ah ipv6-frag ipv6-route ipv6-opts hop-by-hop".split(" ");

/** `0x90`, or names already: IPv6 extension headers by name. libip6t_ipv6header. */
export function headerNames(token: string): readonly string[] | undefined {
  if (!/^0x[0-9a-f]{2}$/i.test(token)) return token.split(",").every(name => HEADER_BITS.includes(name)) ? [token] : undefined;
  const bits = Number(token);
  return [HEADER_BITS.filter((_, bit) => bits & (1 << bit)).join(",")];
}

/** `10.0.0.1:80`: what TPROXY lists, as the words of its two options, the first of which is --on-ip. */
export function proxyAddress(token: string): readonly string[] | undefined {
  const colon = token.lastIndexOf(":");
  return colon > 0 ? [token.slice(0, colon), "--on-port", token.slice(colon + 1)] : undefined;
}

/** `5:9length:16`: ah prints no blank between the two. libxt_ah. */
export function spiAndLength(token: string): readonly string[] {
  const [spi = "", length] = token.split("length:");
  if (length === undefined) return [spi];
  return length.startsWith("!") ? [spi, "!", "--ahlen", length.slice(1)] : [spi, "--ahlen", length];
}

const MOBILITY_TYPE =
  /^(?:\d{1,3}|binding-refresh-request|home-test-init|careof-test-init|home-test|careof-test|binding-update|binding-acknowledgement|binding-error)$/;

/** `5:7`, or names: types of the mobility header; undefined for the next match's text. libip6t_mh. */
export function mobilityTypes(token: string): readonly string[] | undefined {
  return token.split(":").every(type => MOBILITY_TYPE.test(type)) ? [token] : undefined;
}
