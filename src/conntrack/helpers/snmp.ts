import { PROTOCOL, setU16, setU32, u16, u32, u8, UDP_HEADER } from "../../packet/index.ts";
import { refuse, type Helper, type Sight } from "../helper.ts";
import { broadcast } from "./broadcast.ts";
import { readBer, type Element } from "./ber.ts";
import { NAT_MASK } from "./nat-mask.ts";

const SNMP = 161;
const TRAP = 162;

/** SNMP by broadcast, with NAT of the addresses in its messages (nf_conntrack_snmp.c, nf_nat_snmp_basic_main.c). */
export const snmp: Helper = broadcast("snmp", SNMP, "snmpTimeout", translate);

/** Traps, whose addresses are translated. */
export const snmpTrap: Helper = {
  name: "snmp_trap",
  families: [4],
  protocol: PROTOCOL.UDP,
  port: TRAP,
  policies: () => [{ name: "snmp_trap", most: 0, seconds: 0 }],
  watch: () => ({ help: translate }),
};

/** Replaces the translated end's own address wherever a message has it as a value (snmp_translate). */
function translate(sight: Sight): "accept" | "drop" {
  const { carrier, connection, direction, l4 } = sight;
  const { bytes, layout } = carrier;
  if (u16(bytes, l4) === SNMP && direction !== 1) return "accept";
  if (u16(bytes, l4 + 2) === TRAP && direction !== 0) return "accept";
  if (!(connection.status & NAT_MASK)) return "accept";
  if (u16(bytes, l4 + 4) !== layout.totalLength - l4) return refuse(sight, "the UDP length is wrong");
  const [original, reply] = connection.tuples;
  const [from, to] = direction === 0 ? [original.source, reply.destination] : [original.source, reply.destination];
  if (from === to) return "accept";
  const start = l4 + UDP_HEADER;
  const replace = (at: number, length: number): boolean => {
    if (length !== 4) return false;
    if (u32(bytes, at) === from) rewrite(bytes, l4 + 6, at, Number(to), (at - start) % 2 === 1);
    return true;
  };
  const version = (at: number, length: number): boolean => length === 1 && u8(bytes, at) <= 1;
  if (!readBer(bytes, start, layout.totalLength, message(version, replace))) return refuse(sight, "no SNMP message");
  carrier.rewritten();
  return "accept";
}

/** Writes an address, and brings the checksum up to date if there is one (fast_csum). */
function rewrite(bytes: Uint8Array, check: number, at: number, to: number, odd: boolean): void {
  const checksum = u16(bytes, check);
  if (checksum !== 0) {
    let sum = (~checksum & 0xffff) + 0xffff + weigh(~u32(bytes, at) >>> 0, odd) + weigh(to, odd);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    setU16(bytes, check, ~sum & 0xffff);
  }
  setU32(bytes, at, to);
}

/** The words of an address in a checksum; at an odd place its bytes weigh the other way round. */
function weigh(address: number, odd: boolean): number {
  const [high, low] = [address >>> 16, address & 0xffff];
  const swap = (word: number): number => (odd ? ((word & 0xff) << 8) | (word >>> 8) : word);
  return swap(high) + swap(low);
}

const INTEGER: Element = { tag: 0x02 };
const OCTETS: Element = { tag: 0x04 };
const NULL: Element = { tag: 0x05 };
const OBJECT: Element = { tag: 0x06 };
const SEQUENCE = 0x30;
/** Counter32, TimeTicks, Opaque, Counter64 and Unsigned32; then the three ways in which a value is missing. */
const OTHERS: readonly Element[] = [0x41, 0x43, 0x44, 0x46, 0x42, 0x80, 0x81, 0x82].map(tag => ({ tag }));
/** Every kind of message but the first version's trap. */
const KINDS = [0xa0, 0xa1, 0xa5, 0xa2, 0xa3, 0xa6, 0xa7, 0xa8];

/** What a message looks like (nf_nat_snmp_basic.asn1). */
function message(version: NonNullable<Element["found"]>, address: NonNullable<Element["found"]>): Element {
  // The way the kernel's decoder is made, a value of a simple type may be followed by one of the others.
  const simple = { oneOf: [INTEGER, OCTETS, OBJECT], optional: true };
  const value = { oneOf: [{ tag: 0x40, found: address }, ...OTHERS, NULL] };
  const binding: Element = { tag: SEQUENCE, inside: { all: [OBJECT, simple, value] } };
  const bindings: Element = { tag: SEQUENCE, inside: { many: binding } };
  const kinds = KINDS.map((tag): Element => ({ tag, inside: { all: [INTEGER, INTEGER, INTEGER, bindings] } }));
  return { tag: SEQUENCE, inside: { all: [{ tag: 0x02, found: version }, OCTETS, { oneOf: kinds }] } };
}
