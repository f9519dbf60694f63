import { hasPorts, PROTOCOL, u16, type Layout } from "../packet/index.ts";
import type { SeenSession, SessionEnd } from "./replay-session.ts";

/** Protocol and both ends of a packet's session. */
export function partiesOf(
  fromClient: boolean,
  bytes: Uint8Array,
  layout: Layout,
): Pick<SeenSession, "family" | "protocol" | "message" | "client" | "server"> {
  const [source, destination] = endsOf(bytes, layout);
  const { family, protocol } = layout;
  const message = messageOf(bytes, layout);
  return fromClient
    ? { family, protocol, message, client: source, server: destination }
    : { family, protocol, message, client: destination, server: source };
}

/** What stands for the source's and the destination's port: ports, an echo's id on both sides, another ICMP message's type and code. */
function ports(bytes: Uint8Array, { family, protocol, l4, totalLength, fragmentOffset }: Layout): readonly [number, number] {
  if (fragmentOffset !== 0 || l4 + 4 > totalLength) return NONE;
  if (hasPorts(protocol)) return [u16(bytes, l4), u16(bytes, l4 + 2)];
  if (protocol !== PROTOCOL.ICMP && protocol !== PROTOCOL.ICMPV6) return NONE;
  const type = bytes[l4] as number;
  const echo = family === 4 ? type === 0 || type === 8 : type === 128 || type === 129;
  const word = echo && l4 + 6 <= totalLength ? u16(bytes, l4 + 4) : u16(bytes, l4);
  return [word, word];
}

const NONE: readonly [number, number] = [0, 0];

function messageOf(bytes: Uint8Array, { protocol, l4, totalLength, fragmentOffset }: Layout): number | undefined {
  if ((protocol !== PROTOCOL.ICMP && protocol !== PROTOCOL.ICMPV6) || fragmentOffset !== 0 || l4 + 2 > totalLength) return undefined;
  return u16(bytes, l4);
}

/** Has the source the lower of the two ends? Both ways of a session have the same lower end. */
export function sourceIsLower(bytes: Uint8Array, layout: Layout): boolean {
  const [from, to, length] = layout.family === 4 ? [12, 16, 4] : [8, 24, 16];
  for (let i = 0; i < length; i++) {
    const difference = (bytes[from + i] as number) - (bytes[to + i] as number);
    if (difference !== 0) return difference < 0;
  }
  const [source, destination] = ports(bytes, layout);
  return source <= destination;
}

/** What both ways of a session have in common, for a map: protocol, ports and addresses, the lower end first, 16 bits a character. */
export function keyOf(bytes: Uint8Array, layout: Layout, sourceIsLow: boolean): string {
  const [source, destination] = ports(bytes, layout);
  const [low, high] = sourceIsLow ? [source, destination] : [destination, source];
  const lead = ((layout.protocol & 0x1ff) << 1) | (isOtherMessage(bytes, layout) ? 1 : 0);
  if (layout.family === 4) {
    const [a, b] = sourceIsLow ? [12, 16] : [16, 12];
    return String.fromCharCode(lead, low, high, u16(bytes, a), u16(bytes, a + 2), u16(bytes, b), u16(bytes, b + 2));
  }
  const [a, b] = sourceIsLow ? [8, 24] : [24, 8];
  let key = String.fromCharCode(lead, low, high);
  for (const from of [a, b]) for (let i = 0; i < 16; i += 2) key += String.fromCharCode(u16(bytes, from + i));
  return key;
}

/** An ICMP message that is no echo: its type and code stand for ports, and must not meet an echo's id. */
function isOtherMessage(bytes: Uint8Array, { family, protocol, l4, totalLength, fragmentOffset }: Layout): boolean {
  if ((protocol !== PROTOCOL.ICMP && protocol !== PROTOCOL.ICMPV6) || fragmentOffset !== 0 || l4 >= totalLength) return false;
  const type = bytes[l4] as number;
  return family === 4 ? type !== 0 && type !== 8 : type !== 128 && type !== 129;
}

/** An ICMP error belongs to another session (icmp.c, icmp_pointers; icmpv6.h, ICMPV6_INFOMSG_MASK). */
export function isError(bytes: Uint8Array, layout: Layout): boolean {
  const message = messageOf(bytes, layout);
  if (message === undefined) return false;
  const type = message >> 8;
  return layout.family === 4 ? type === 3 || type === 4 || type === 5 || type === 11 || type === 12 : type < 128;
}

/** Who opened it? A SYN and an echo request say so; else the lower port is taken for the server's when one of them is privileged. */
export function sourceIsClient(bytes: Uint8Array, layout: Layout): boolean {
  const { family, protocol, l4, totalLength, fragmentOffset } = layout;
  if (fragmentOffset !== 0 || l4 + 8 > totalLength) return true;
  if (protocol === PROTOCOL.ICMP || protocol === PROTOCOL.ICMPV6) return (bytes[l4] as number) !== (family === 4 ? 0 : 129);
  if (protocol === PROTOCOL.TCP && l4 + 14 <= totalLength) {
    const flags = (bytes[l4 + 13] as number) & 0x12;
    if (flags === 0x02) return true;
    if (flags === 0x12) return false;
  }
  const [source, destination] = ports(bytes, layout);
  return source >= 1024 || destination < 1024;
}

/** Source and destination. */
function endsOf(bytes: Uint8Array, layout: Layout): readonly [SessionEnd, SessionEnd] {
  const [from, to, length] = layout.family === 4 ? [12, 16, 4] : [8, 24, 16];
  const [source, destination] = ports(bytes, layout);
  return [
    { address: bytes.slice(from, from + length), port: source },
    { address: bytes.slice(to, to + length), port: destination },
  ];
}
