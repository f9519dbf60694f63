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
