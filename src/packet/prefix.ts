import { IPV4_MAX, IPV6_MAX, parseC, parseIpv4Aton, parseIpv6, printIpv4, printIpv6 } from "./address.ts";

/** An IPv4 address and mask; the mask may have holes, and the address has no bits outside it. */
export interface Prefix4 {
  readonly family: 4;
  readonly address: number;
  readonly mask: number;
}

/** An IPv6 address and mask; the mask may have holes, and the address has no bits outside it. */
export interface Prefix6 {
  readonly family: 6;
  readonly address: bigint;
  readonly mask: bigint;
}

export type Prefix = Prefix4 | Prefix6;

/** The mask of `length` leading ones, 0 to 32. */
export function mask4(length: number): number {
  return length === 0 ? 0 : (IPV4_MAX << (32 - length)) >>> 0;
}

/** The mask of `length` leading ones, 0 to 128. */
export function mask6(length: number): bigint {
  return IPV6_MAX ^ ((1n << BigInt(128 - length)) - 1n);
}

/** The number of leading ones of a mask that has no holes; undefined with holes. */
export function maskLength(mask: number | bigint): number | undefined {
  if (typeof mask === "number") {
    const length = Math.clz32(~mask);
    return mask4(length) === mask ? length : undefined;
  }
  const holes = IPV6_MAX ^ mask;
  return (holes & (holes + 1n)) === 0n ? 128 - (holes === 0n ? 0 : holes.toString(2).length) : undefined;
}

/** The prefix of an address and mask, host bits cleared. */
export function prefix4(address: number, mask: number): Prefix4 {
  return { family: 4, address: (address & mask) >>> 0, mask };
}

/** The prefix of an address and mask, host bits cleared. */
export function prefix6(address: bigint, mask: bigint): Prefix6 {
  return { family: 6, address: address & mask, mask };
}

/** Whether the address lies in the prefix. The address must be of the prefix's family. */
export function prefixContains(prefix: Prefix, address: number | bigint): boolean {
  if (prefix.family === 4) return typeof address === "number" && (address & prefix.mask) >>> 0 === prefix.address;
  return typeof address === "bigint" && (address & prefix.mask) === prefix.address;
}

/** A prefix as read, and what a person may not have meant by it. */
export interface PrefixReading<P extends Prefix = Prefix> {
  readonly prefix: P;
  /** The address had bits outside the mask, which iptables clears without a word. */
  readonly hostBits: boolean;
  readonly octal: boolean;
  readonly short: boolean;
}

/** Why a prefix cannot be read: its address part is no address (perhaps a name), or its mask no mask. */
export interface PrefixFault {
  readonly bad: "address" | "mask";
  readonly text: string;
}

/** `ADDRESS[/MASK]` as iptables' -s reads it (parseIpv4Aton; masks as parseMask4). Splits at the last slash, as libxtables does. */
export function parsePrefix4(text: string): PrefixReading<Prefix4> | PrefixFault {
  const [host, maskText] = splitMask(text);
  const mask = maskText === undefined ? IPV4_MAX : parseMask4(maskText);
  if (mask === undefined) return { bad: "mask", text: maskText as string };
  const read = parseIpv4Aton(host);
  if (read === undefined) return { bad: "address", text: host };
  const prefix = prefix4(read.address, mask);
  return { prefix, hostBits: prefix.address !== read.address, octal: read.octal, short: read.short };
}

/** `ADDRESS[/MASK]` as ip6tables' -s reads it; the mask is a length or an address. */
export function parsePrefix6(text: string): PrefixReading<Prefix6> | PrefixFault {
  const [host, maskText] = splitMask(text);
  const mask = maskText === undefined ? IPV6_MAX : parseMask6(maskText);
  if (mask === undefined) return { bad: "mask", text: maskText as string };
  const address = parseIpv6(host);
  if (address === undefined) return { bad: "address", text: host };
  const prefix = prefix6(address, mask);
  return { prefix, hostBits: prefix.address !== address, octal: false, short: false };
}

function splitMask(text: string): readonly [string, string | undefined] {
  const slash = text.lastIndexOf("/");
  return slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
}

/** A mask as parse_ipmask (libxtables) reads it: four bytes, or a length in C's notation (033 is 27). */
export function parseMask4(text: string): number | undefined {
  if (text.split(".").length === 4) {
    const parts = text.split(".").map(parseC);
    if (parts.every(part => part !== undefined && part <= 255)) return parts.reduce<number>((sum, part) => sum * 256 + (part as number), 0);
    return undefined;
  }
  const length = parseC(text);
  return length !== undefined && length <= 32 ? mask4(length) : undefined;
}

/** A mask as ip6tables reads it: an IPv6 address, or a length in C's notation. */
export function parseMask6(text: string): bigint | undefined {
  const mask = parseIpv6(text);
  if (mask !== undefined) return mask;
  const length = parseC(text);
  return length !== undefined && length <= 128 ? mask6(length) : undefined;
}

/** As iptables-save writes it: `/LENGTH` always, or the mask as an address when it has holes. */
export function printPrefix(prefix: Prefix): string {
  const length = maskLength(prefix.mask);
  if (prefix.family === 4) return `${printIpv4(prefix.address)}/${length ?? printIpv4(prefix.mask)}`;
  return `${printIpv6(prefix.address)}/${length ?? printIpv6(prefix.mask)}`;
}
