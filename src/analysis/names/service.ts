import { ALL_PORTS, complement, equalSets, icmpName, PROTOCOL, protocolName, size, type IntervalSet } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import type { Ranges } from "../witness.ts";
import { portName } from "./known-services.ts";
import { listText, numberRanges } from "./range-text.ts";

/** What a service is named by: protocol numbers, and ports or ICMP types where it has any. */
export interface ServiceShape {
  readonly protocols: Ranges;
  /** Destination ports; undefined for all, and for protocols without. */
  readonly ports?: Ranges | undefined;
  /** Source ports; undefined for all. */
  readonly sourcePorts?: Ranges | undefined;
  /** Types of ICMP or ICMPv6; undefined for all. */
  readonly icmpTypes?: Ranges | undefined;
}

const ALL_PROTOCOLS: IntervalSet<Scalar> = [[0, 255]];
const PORTS_IN_USE: IntervalSet<Scalar> = [[1, 65535]];
/** Names of services that one text may hold. */
const NAMES_SHOWN = 4;

/** What people call a service: `ssh (tcp 22)`, `http, https (tcp 80, 443)`, `tcp 8000-8100`, `all udp`, `ping`, `everything`. */
export function serviceText(shape: ServiceShape, family: Family): string {
  const { protocols, ports, sourcePorts, icmpTypes } = shape;
  const from = sourcePorts === undefined || equalSets(sourcePorts, ALL_PORTS) ? "" : ` from port ${portsText(sourcePorts)}`;
  const only = singleValue(protocols);
  if (only !== undefined && icmpTypes !== undefined && isIcmp(only)) return icmpText(icmpTypes, only, family);
  // Port 0 is nobody's: a rule for ports from 1 on means all.
  const all = ports === undefined || equalSets(ports, ALL_PORTS) || equalSets(ports, PORTS_IN_USE);
  if (all) return `${anyPort(protocols, from !== "")}${from}`;
  const words = protocolWords(protocols);
  const known = commonNames(protocols, ports);
  return `${known === undefined ? `${words} ${portsText(ports)}` : `${known} (${words} ${portsText(ports)})`}${from}`;
}

/** The name of a protocol by number, else `protocol 200`. */
export function protocolText(number: number): string {
  if (number === PROTOCOL.ICMPV6) return "icmpv6";
  return protocolName(number) ?? `protocol ${number}`;
}

const isIcmp = (protocol: number): boolean => protocol === PROTOCOL.ICMP || protocol === PROTOCOL.ICMPV6;

/** A service whose ports do not count. */
function anyPort(protocols: Ranges, withSource: boolean): string {
  if (equalSets(protocols, ALL_PROTOCOLS)) return "everything";
  const only = singleValue(protocols);
  if (only === undefined) return protocolWords(protocols);
  return withSource || !hasManyPorts(only) ? protocolText(only) : `all ${protocolText(only)}`;
}

const MANY_PORTS: readonly number[] = [
  PROTOCOL.TCP,
  PROTOCOL.UDP,
  PROTOCOL.UDPLITE,
  PROTOCOL.SCTP,
  PROTOCOL.DCCP,
  PROTOCOL.ICMP,
  PROTOCOL.ICMPV6,
];
const hasManyPorts = (protocol: number): boolean => MANY_PORTS.includes(protocol);

/** `tcp`, `tcp+udp`, `every protocol but tcp, udp`. */
function protocolWords(protocols: Ranges): string {
  const count = size(protocols);
  if (count <= 6n) return valuesOf(protocols).map(protocolText).join("+");
  const missing = complement(protocols as IntervalSet<Scalar>, ALL_PROTOCOLS);
  if (size(missing) === 0n) return "every protocol";
  if (size(missing) <= 16n) return `every protocol but ${listText(valuesOf(missing).map(protocolText), 8)}`;
  return `protocols ${numberRanges(protocols, 4)}`;
}

/** `22`, `1024-65535`, `all but 22, 80`. */
function portsText(ports: Ranges): string {
  const missing = complement(ports as IntervalSet<Scalar>, ALL_PORTS as IntervalSet<Scalar>);
  if (missing.length > 0 && missing.length < ports.length) return `all but ${numberRanges(missing)}`;
  const most = size(ports) > 40_000n && ports.length > 4 && missing.length <= ports.length;
  return most ? `all but ${numberRanges(missing)}` : numberRanges(ports);
}

/** Names of single ports that all of a few protocols have in common. */
function commonNames(protocols: Ranges, ports: Ranges): string | undefined {
  if (size(protocols) > BigInt(NAMES_SHOWN)) return undefined;
  const names = valuesOf(protocols).map(protocol => knownNames(ports, protocolText(protocol)));
  return names.every(name => name === names[0]) ? names[0] : undefined;
}

/** Names of single ports: of all of a few, or of some of not many. */
function knownNames(ports: Ranges, protocol: string): string | undefined {
  if (size(ports) > BigInt(PORTS_NAMED)) return undefined;
  const names = valuesOf(ports).map(port => portName(port, protocol));
  const known = [...new Set(names.filter(name => name !== undefined))];
  if (known.length === 0) return undefined;
  if (names.every(name => name !== undefined)) return known.length <= NAMES_SHOWN ? known.join(", ") : undefined;
  return names.length > 2 && known.length <= NAMES_SHOWN ? `${known.join(", ")}, …` : undefined;
}

/** Services of more ports than this are named by their ports. */
const PORTS_NAMED = 8;

function icmpText(types: Ranges, protocol: number, family: Family): string {
  const name = protocolText(protocol);
  if (equalSets(types, [[0, 255]] as Ranges)) return `all ${name}`;
  const other = types.length > 4 || size(types) > 8n;
  if (other) return `${name} types ${numberRanges(types)}`;
  return listText(
    valuesOf(types).map(type => icmpTypeText(type, name, family)),
    6,
  );
}

/** Types that iptables has no name for. */
const ICMP_EXTRA: Readonly<Record<string, string>> = {
  "4/15": "information-request",
  "4/16": "information-reply",
  "6/139": "node-information-query",
};

function icmpTypeText(type: number, protocol: string, family: Family): string {
  if (type === (family === 4 ? 8 : 128)) return "ping";
  const known = icmpName(type, 0, family) ?? ICMP_EXTRA[`${family}/${type}`];
  return known === undefined ? `${protocol} type ${type}` : `${protocol} ${known}`;
}

function singleValue(ranges: Ranges): number | undefined {
  const [only] = ranges;
  return ranges.length === 1 && only && only[0] === only[1] ? Number(only[0]) : undefined;
}

/** Every value of small sets. */
function valuesOf(ranges: Ranges): number[] {
  return ranges.flatMap(([low, high]) => Array.from({ length: Number(high) - Number(low) + 1 }, (_, i) => Number(low) + i));
}
