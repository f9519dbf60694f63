/** The largest IPv4 address. */
export const IPV4_MAX = 0xffffffff;
/** The largest IPv6 address. */
export const IPV6_MAX: bigint = (1n << 128n) - 1n;

/** A strict dotted quad (inet_pton: no leading zeros) as an unsigned 32-bit number; undefined for anything else. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.length <= 15 ? text.split(".") : [];
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part)) return undefined;
    const byte = Number(part);
    if (byte > 255) return undefined;
    address = address * 256 + byte;
  }
  return address;
}

/** An IPv4 address as iptables reads it, with what a person may not have meant by it. */
export interface AtonAddress {
  readonly address: number;
  /** A part was octal with a different decimal reading: 010.0.0.1 is 8.0.0.1. */
  readonly octal: boolean;
  /** Fewer than four parts: 10.1 is 10.1.0.0. */
  readonly short: boolean;
}

/**
 * An IPv4 address as iptables 1.8.9 reads it. First xtables_numeric_to_ipaddr: one to four bytes in C's notation (octal,
 * hexadecimal, leading blanks or a plus), missing ones zero at the *end*. Where that fails, getaddrinfo, which reads as
 * inet_aton does: the last of one to four parts fills all remaining bytes (1.256 is 1.0.1.0). Undefined for a name.
 */
export function parseIpv4Aton(text: string): AtonAddress | undefined {
  if (text.length > 64) return undefined;
  const parts = text.split(".");
  if (parts.length > 4) return undefined;
  const short = parts.length < 4;
  const octal = parts.some(part => /^\s*\+?0+[1-9]\d*$/.test(part) && parseC(part) !== Number(part));
  const values = parts.map(parseC);
  if (values.every(value => value !== undefined && value <= 255)) {
    const address = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (values[i] ?? 0), 0);
    return { address, octal, short };
  }
  if (!parts.every(part => /^\d/.test(part))) return undefined;
  let address = 0;
  for (const [i, value] of values.entries()) {
    const last = i === values.length - 1;
    if (value === undefined || value > (last ? 256 ** (5 - values.length) - 1 : 255)) return undefined;
    address += last ? value : value * 256 ** (3 - i);
  }
  return { address, octal, short };
}

/** C's strtoul with base 0, the whole text, at most 32 bits; undefined otherwise. */
export function parseC(text: string): number | undefined {
  if (text.length > 40) return undefined;
  const digits = /^[ \t-\r]*\+?(.*)$/s.exec(text)?.[1] ?? "";
  let value: number;
  if (/^0x[0-9a-f]+$/i.test(digits)) value = Number.parseInt(digits, 16);
  else if (/^0[0-7]*$/.test(digits)) value = Number.parseInt(digits, 8);
  else if (/^[1-9]\d*$/.test(digits)) value = Number(digits);
  else return undefined;
  return value <= IPV4_MAX ? value : undefined;
}

/** Dotted quad. */
export function printIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Every form of RFC 4291 that inet_pton takes: groups, `::`, a dotted quad at the end; no zone, no brackets. */
export function parseIpv6(text: string): bigint | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] as string, halves.length === 1);
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? join(head) : undefined;
  const tail = parseGroups(halves[1] as string, true);
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return join([...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail]);
}

function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const quad = last && i === parts.length - 1 ? parseIpv4(part) : undefined;
      if (quad === undefined) return undefined;
      groups.push(quad >>> 16, quad & 0xffff);
    }
  }
  return groups;
}

function join(groups: readonly number[]): bigint {
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
}

/** As glibc's inet_ntop prints: RFC 5952, and a dotted quad where the first six groups are zero or are ::ffff. */
export function printIpv6(address: bigint): string {
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((address >> shift) & 0xffffn));
  const { start, length } = longestZeros(groups);
  const quad = start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const words = groups.map(group => group.toString(16));
  if (quad) words.splice(6, 2, printIpv4(Number(address & 0xffffffffn)));
  if (length < 2) return words.join(":");
  return `${words.slice(0, start).join(":")}::${words.slice(start + length).join(":")}`;
}

function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: -1, length: 0 };
  let start = 0;
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}

/** An address of either family: number for IPv4, bigint for IPv6. Undefined for anything else. */
export function parseAddress(text: string): number | bigint | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** Prints an address of either family. */
export function printAddress(address: number | bigint): string {
  return typeof address === "number" ? printIpv4(address) : printIpv6(address);
}

/** Six hexadecimal pairs with colons as an unsigned 48-bit number, as iptables' --mac-source reads them; undefined for anything else. */
export function parseMac(text: string): number | undefined {
  return /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/.test(text) ? Number.parseInt(text.replaceAll(":", ""), 16) : undefined;
}

/** Lower-case pairs with colons, as iptables 1.8.9 saves them. */
export function printMac(mac: number): string {
  return (mac.toString(16).padStart(12, "0").match(/../g) ?? []).join(":");
}

/** The MAC address in six bytes at `offset`. */
export function macAt(bytes: Uint8Array, offset = 0): number {
  let mac = 0;
  for (let i = 0; i < 6; i++) mac = mac * 256 + (bytes[offset + i] ?? 0);
  return mac;
}

/** The six bytes of a MAC address. */
export function macBytes(mac: number): Uint8Array {
  return Uint8Array.from({ length: 6 }, (_, i) => Math.floor(mac / 256 ** (5 - i)) % 256);
}
