import { IPV4_MAX, IPV6_MAX, maskLength, printAddress, protocolName } from "../packet/index.ts";
import {
  always,
  among,
  bits,
  equal,
  invertIf,
  named,
  namedLike,
  not,
  opaque,
  present,
  type Family,
  type Field,
  type Predicate,
} from "../predicate/index.ts";
import type { AddressTest, Condition, InterfaceTest, RuleHeader } from "./rule.ts";

const bang = (invert: boolean): string => (invert ? "! " : "");

/** An address and mask as iptables-save writes them: `10.0.0.0/8`, or `1.0.3.0/255.0.255.0` with holes. */
export function printAddressTest({ address, mask, name }: AddressTest): string {
  return `${name ?? printAddress(address)}/${maskLength(mask) ?? printAddress(mask)}`;
}

/** `eth+` */
export const printInterface = ({ name, wildcard }: InterfaceTest): string => (wildcard ? `${name}+` : name);

/** The built-in tests in the words of iptables-save and in its order: `-s … -d … -i … -o … -p … -f`. What says nothing is left out. */
export function headerWords({ source, destination, inInterface, outInterface, protocol, fragment }: RuleHeader): string[] {
  const words: string[] = [];
  if (source && !isAnywhere(source)) words.push(`${bang(source.invert)}-s ${printAddressTest(source)}`);
  if (destination && !isAnywhere(destination)) words.push(`${bang(destination.invert)}-d ${printAddressTest(destination)}`);
  if (inInterface && !isAnyInterface(inInterface)) words.push(`${bang(inInterface.invert)}-i ${printInterface(inInterface)}`);
  if (outInterface && !isAnyInterface(outInterface)) words.push(`${bang(outInterface.invert)}-o ${printInterface(outInterface)}`);
  if (protocol && protocol.number !== 0) words.push(`${bang(protocol.invert)}-p ${protocolName(protocol.number) ?? protocol.number}`);
  if (fragment) words.push(`${bang(fragment.invert)}-f`);
  return words;
}

const isAnywhere = ({ mask, invert }: AddressTest): boolean => !invert && (mask === 0 || mask === 0n);
const isAnyInterface = ({ name, wildcard, invert }: InterfaceTest): boolean => !invert && wildcard && name === "";

/**
 * The built-in tests lowered, in the kernel's order: source, destination, in, out, protocol, fragment.
 * Kernel: ip_tables.c, ip_packet_match; ip6_tables.c, ip6_packet_match, which drops a packet whose header chain cannot be followed to a protocol.
 * Who has the addresses' printed text at hand may give it.
 */
export function lowerHeader(
  { source, destination, inInterface, outInterface, protocol, fragment }: RuleHeader,
  family: Family,
  sourceText?: string,
  destinationText?: string,
): Condition[] {
  const conditions: Condition[] = [];
  if (source && !isAnywhere(source)) conditions.push(lowerAddress("s", source, addressText("s", source, sourceText)));
  if (destination && !isAnywhere(destination))
    conditions.push(lowerAddress("d", destination, addressText("d", destination, destinationText)));
  if (inInterface && !isAnyInterface(inInterface)) conditions.push(lowerInterface("i", inInterface));
  if (outInterface && !isAnyInterface(outInterface)) conditions.push(lowerInterface("o", outInterface));
  if (protocol) conditions.push(lowerProtocol(protocol, family));
  if (fragment) conditions.push({ text: `${bang(fragment.invert)}-f`, predicate: invertIf(fragment.invert, laterFragment) });
  return conditions;
}

const laterFragment: Predicate = not(among("fragoff", [0, 0]));
/** A chain of extension headers that is cut, or a later fragment that begins with one. Kernel: ip6_tables.c, ip6_packet_match. */
const unreadable: Predicate = not(present("protocol"));

const addressText = (letter: "s" | "d", test: AddressTest, text: string = printAddressTest(test)): string =>
  `${test.invert ? "! -" : "-"}${letter} ${text}`;

/** One address lowered, by who has the words of iptables-save for it at hand: `! -s 10.0.0.0/8`. */
export function lowerAddress(letter: "s" | "d", test: AddressTest, text: string): Condition {
  return { text, predicate: addressPredicate(letter === "s" ? "saddr" : "daddr", test) };
}

function addressPredicate(field: Field, { address: low, mask, invert, name }: AddressTest): Predicate {
  if (name !== undefined) return unresolved(name, invert);
  if (maskLength(mask) === undefined) return invertIf(invert, bits(field, mask, low));
  const high = typeof low === "number" ? low + (IPV4_MAX - Number(mask)) : low + (IPV6_MAX - BigInt(mask));
  return invertIf(invert, among(field, [low, high]));
}

const unresolved = (name: string, invert: boolean): Predicate =>
  opaque({
    name: `host:${name}`,
    about: `the addresses of ${name}, which were not looked up`,
    depends: "packet",
    start: () => undefined,
    step: () => invert,
  });

/** Most rules name one of few interfaces and protocols, so those conditions are shared; the tables stay small whatever is read. */
const MOST_SHARED = 1024;
const interfaces = new Map<string, Condition>();
const protocols = new Map<number, Condition>();

function lowerInterface(letter: "i" | "o", test: InterfaceTest): Condition {
  const text = `${bang(test.invert)}-${letter} ${printInterface(test)}`;
  let condition = interfaces.get(text);
  if (!condition) {
    const field = letter === "i" ? "iif" : "oif";
    condition = { text, predicate: invertIf(test.invert, test.wildcard ? namedLike(field, test.name) : named(field, test.name)) };
    if (interfaces.size < MOST_SHARED) interfaces.set(text, condition);
  }
  return condition;
}

function lowerProtocol({ number, invert }: NonNullable<RuleHeader["protocol"]>, family: Family): Condition {
  const key = (number * 2 + Number(invert)) * 2 + (family === 6 ? 1 : 0);
  let condition = protocols.get(key);
  if (!condition) {
    const text = `${bang(invert)}-p ${number === 0 ? "all" : (protocolName(number) ?? number)}`;
    const predicate = number === 0 ? always : invertIf(invert, equal("protocol", number));
    condition = family === 6 ? { text, predicate, hotdrop: unreadable } : { text, predicate };
    if (protocols.size < MOST_SHARED) protocols.set(key, condition);
  }
  return condition;
}
