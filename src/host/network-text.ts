import { mask4, mask6, parseIpv4, parseIpv6, printAddress } from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";
import { TABLE } from "./host.ts";

/** An address with the length of its prefix; host bits may be set. */
export interface Network {
  readonly family: Family;
  readonly address: Scalar;
  readonly prefixLength: number;
}

/** An address of either family; undefined for anything else. */
export function readAddress(text: string): { readonly family: Family; readonly address: Scalar } | undefined {
  const four = parseIpv4(text);
  if (four !== undefined) return { family: 4, address: four };
  const six = parseIpv6(text);
  return six === undefined ? undefined : { family: 6, address: six };
}

/** `192.0.2.1/24`, `2001:db8::1/64`; without a length the whole address. Undefined for anything else. */
export function readNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const found = readAddress(slash < 0 ? text : text.slice(0, slash));
  if (!found) return undefined;
  const bits = found.family === 4 ? 32 : 128;
  const length = slash < 0 ? bits : readCount(text.slice(slash + 1), bits);
  return length === undefined ? undefined : { ...found, prefixLength: length };
}

/** The same with its host bits cleared; `default` and `all` are the whole of a family. */
export function readPrefix(text: string, family: Family | undefined): Network | undefined {
  if (text === "default" || text === "all" || text === "any")
    return { family: family ?? 4, address: family === 6 ? 0n : 0, prefixLength: 0 };
  const found = readNetwork(text);
  return found && { ...found, address: networkOf(found) };
}

/** The address without its host bits. */
export function networkOf({ address, prefixLength }: Network): Scalar {
  return typeof address === "number" ? (address & mask4(prefixLength)) >>> 0 : address & mask6(prefixLength);
}

/** Whether an address lies in a network of its family. */
export function inNetwork(network: Network, address: Scalar): boolean {
  return typeof address === typeof network.address && networkOf({ ...network, address }) === networkOf(network);
}

/** `192.0.2.0/24` */
export function printNetwork({ address, prefixLength }: { readonly address: Scalar; readonly prefixLength: number }): string {
  return `${printAddress(address)}/${prefixLength}`;
}

/** A decimal or `0x` number up to `max`; undefined for anything else. */
export function readCount(text: string, max: number): number | undefined {
  if (!/^(\d{1,10}|0x[0-9a-fA-F]{1,8})$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

const TABLE_NAMES: ReadonlyMap<string, number> = new Map([
  ["local", TABLE.LOCAL],
  ["main", TABLE.MAIN],
  ["default", TABLE.DEFAULT],
  ["unspec", 0],
]);

/** A routing table by number, or by one of the three names that every machine knows. */
export function readTable(text: string): number | undefined {
  return TABLE_NAMES.get(text) ?? readCount(text, 0xffffffff);
}

/** The name of a table that has one, otherwise its number. */
export function printTable(table: number): string {
  return [...TABLE_NAMES].find(([, number]) => number === table)?.[0] ?? String(table);
}

/** Routing realms: `9` for the destination's, or `3/9` with the source's before it, as one number. */
export function readRealm(text: string): number | undefined {
  const slash = text.indexOf("/");
  const from = slash < 0 ? 0 : readCount(text.slice(0, slash), 0xffff);
  const to = readCount(text.slice(slash + 1), 0xffff);
  return from === undefined || to === undefined ? undefined : from * 0x10000 + to;
}

/** The text that readRealm reads. */
export function printRealm(realm: number): string {
  return realm > 0xffff ? `${realm >>> 16}/${realm & 0xffff}` : `${realm}`;
}

/** `0x1/0xff`: a mark, and the mask it is looked at under. */
export function readMark(text: string): { readonly value: number; readonly mask: number } | undefined {
  const [value = "", mask, ...rest] = text.split("/");
  if (rest.length > 0) return undefined;
  const mark = readCount(value, 0xffffffff);
  const bits = mask === undefined ? 0xffffffff : readCount(mask, 0xffffffff);
  return mark === undefined || bits === undefined ? undefined : { value: mark, mask: bits };
}
