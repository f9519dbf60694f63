import { parseUnsigned, UsageError } from "../xtables/index.ts";
import { protocolName, protocolNumber, PROTOCOL_NAMES } from "../packet/index.ts";
import { closest } from "./guess.ts";
import type { Spoken } from "./spoken.ts";

/** The number of a -p, whose text becomes lower case. iptables: xtables.c, xtables_parse_protocol. Throws UsageError. */
export function readProtocol(spoken: Spoken): Spoken & { readonly number: number } {
  const text = spoken.text.toLowerCase();
  const number = protocolNumber(text) ?? parseUnsigned(text, 255);
  if (number === undefined)
    throw new UsageError(`unknown protocol "${text}" specified`, { span: spoken.span, guess: closest(text, PROTOCOL_NAMES) });
  if (number === 0 && spoken.invert) throw new UsageError("rule would never match protocol", { span: spoken.span });
  return { text, invert: spoken.invert, span: spoken.span, number };
}

/** The name of the match that -p stands for: a number's name, and the one spelling of ICMPv6. iptables: xshared.c, find_proto. */
export function protocolAlias(text: string): string {
  const number = parseUnsigned(text, 255);
  const name = number === undefined ? text : (protocolName(number) ?? text);
  return matchName(name);
}

/** The one spelling of ICMPv6. iptables: xtables.c, xtables_find_match. */
export const matchName = (name: string): string => (name === "ipv6-icmp" || name === "icmpv6" ? "icmp6" : name);

/** Next headers that an IPv6 packet's protocol can never be. iptables: ip6tables.c, is_exthdr. */
const EXTENSION_HEADERS: ReadonlySet<number> = new Set([0, 43, 44, 51, 60]);

/** iptables' warning for an IPv6 extension header after -p, which is no protocol; undefined when there is nothing to say. */
export function extensionHeaderWarning(number: number, { text, invert }: Spoken): string | undefined {
  if (invert || number === 0 || !EXTENSION_HEADERS.has(number)) return undefined;
  return `never matched protocol: ${text}. use extension match instead.`;
}
