import { setU128, u128 } from "../packet/index.ts";
import type { Action } from "../predicate/index.ts";
import { icmpError } from "./icmp-error.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";

type Prefix = Extract<Action, { do: "prefix" }>;

const SOURCE = 8;
const DESTINATION = 24;
const ICMPV6 = 58;
const ICMPV6_HEADER = 8;
const IPV6_HEADER = 40;
const PARAMETER_PROBLEM = 4;

/**
 * Gives an IPv6 address another prefix, and makes up for it elsewhere in the address, so that no checksum changes; the packet inside an ICMPv6
 * error follows. False means that the packet is dropped, and its sender told, as its address has no room. Kernel: ip6t_NPT.c, ip6t_snpt_tg and ip6t_dnpt_tg.
 */
export function translatePrefix(machine: Machine, packet: Packet, action: Prefix, journey: Journey): boolean {
  if (packet.family !== 6) return true;
  const { bytes } = packet;
  const at = action.end === "source" ? SOURCE : DESTINATION;
  const mapped = mapAddress(u128(bytes, at), action);
  // The kernel has written the prefix by the time that it finds no room.
  setU128(bytes, at, mapped.address);
  packet.refresh();
  if (!mapped.done) {
    icmpError(machine, packet, { type: PARAMETER_PROBLEM, code: 0, info: at }, journey);
    return false;
  }
  const inner = quotedAt(packet);
  if (inner === undefined) return true;
  const other = inner + (action.end === "source" ? DESTINATION : SOURCE);
  const quoted = u128(bytes, other);
  const hostBits = BigInt(128 - action.from.prefixLength);
  if (quoted >> hostBits === action.from.network >> hostBits) setU128(bytes, other, mapAddress(quoted, action).address);
  return true;
}

/** Where the packet begins that an ICMPv6 error right behind the IPv6 header quotes, when its whole header is there. Kernel: icmpv6_bounced_ipv6hdr. */
function quotedAt({ bytes, layout }: Packet): number | undefined {
  const at = IPV6_HEADER + ICMPV6_HEADER;
  if (bytes[6] !== ICMPV6 || at + IPV6_HEADER > layout.totalLength) return undefined;
  const type = bytes[IPV6_HEADER] as number;
  return type >= 1 && type <= 4 ? at : undefined;
}

/** The address with the other prefix; not done when every word that could be adjusted is 0xffff. Kernel: ip6t_npt_map_pfx. */
export function mapAddress(
  address: bigint,
  { from, to }: Pick<Prefix, "from" | "to">,
): { readonly address: bigint; readonly done: boolean } {
  const length = Math.max(from.prefixLength, to.prefixLength);
  const hostMask = (1n << BigInt(128 - length)) - 1n;
  const moved = (address & hostMask) | (to.network & ~hostMask);
  const word = length <= 48 ? 3 : [4, 5, 6, 7].find(i => wordOf(moved, i) !== 0xffff);
  if (word === undefined) return { address: moved, done: false };
  const adjustment = fold(sumOf(from.network) + (0xffff ^ sumOf(to.network)));
  const sum = fold(wordOf(moved, word) + adjustment);
  return { address: withWord(moved, word, sum === 0xffff ? 0 : sum), done: true };
}

const wordOf = (address: bigint, index: number): number => Number((address >> BigInt(112 - 16 * index)) & 0xffffn);

function withWord(address: bigint, index: number, value: number): bigint {
  const shift = BigInt(112 - 16 * index);
  return (address & ~(0xffffn << shift)) | (BigInt(value) << shift);
}

/** One's complement sum of an address's words. */
function sumOf(address: bigint): number {
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += wordOf(address, i);
  return fold(sum);
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return folded;
}
