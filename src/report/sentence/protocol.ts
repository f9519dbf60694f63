import { protocolName } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";

/** Protocols that people write otherwise than in capitals of their name. */
const SHOWN: Readonly<Record<string, string>> = {
  "ipv6-icmp": "ICMPv6",
  icmpv6: "ICMPv6",
  ipv6: "IPv6 in IP",
  ipencap: "IP in IP",
  udplite: "UDP-Lite",
  ipcomp: "IPComp",
};

/** `TCP`, `ICMPv6`, `IP protocol 200`, `IP protocols 3-5`. */
export function protocolText(low: Scalar, high: Scalar = low): string {
  if (low !== high) return `IP protocols ${low}-${high}`;
  const name = protocolName(Number(low));
  return name === undefined || Number(low) === 0 ? `IP protocol ${low}` : (SHOWN[name] ?? name.toUpperCase());
}
