import { parseIpv4, parseIpv6, printAddress } from "../packet/index.ts";
import type { Family, Nat, NatAddress, Scalar } from "../predicate/index.ts";
import { parseNatPorts, printNatPorts, type NatPorts } from "./nat-ports.ts";
import type { ReadContext, Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/** Where DNAT and SNAT may send a connection. Kernel: struct nf_nat_range2. */
export interface NatRange {
  /** Without addresses only the port changes. As written: the first may be higher than the last. */
  readonly addresses?: readonly [first: Scalar, last: Scalar];
  readonly ports?: NatPorts;
}

/** `[address[-address]][:port[-port[/base]]]`; an IPv6 address before a port stands in brackets. libxt_NAT: parse_to. */
export const natRange: Value<NatRange> = {
  shape: "[address[-address]][:port[-port[/port]]]",
  parse: parseNatRange,
  print: printNatRange,
};

/** The same for SNAT, whose revision in use has no room for a base port: it becomes 0, and is saved so. */
export const natRangeWithoutBase: Value<NatRange> = {
  ...natRange,
  parse(text, context) {
    const range = parseNatRange(text, context);
    return range.ports?.base === undefined ? range : { ...range, ports: { ...range.ports, base: 0 } };
  },
};

function parseNatRange(text: string, context: ReadContext): NatRange {
  const { family } = context;
  const { host, colon } = splitPort(text, family);
  const ports = colon < 0 ? undefined : parseNatPorts(text.slice(colon + 1), context);
  // iptables takes two characters before the colon for empty brackets, whatever they are: `12:80` changes the port alone.
  if (ports && (colon === 0 || colon === 2)) return { ports };
  const dash = host.indexOf("-");
  const first = parseHost(dash < 0 ? host : host.slice(0, dash), family);
  const last = dash < 0 ? first : parseHost(host.slice(dash + 1), family);
  return { addresses: [first, last], ...(ports && { ports }) };
}

function splitPort(text: string, family: Family): { readonly host: string; readonly colon: number } {
  const open = text.indexOf("[");
  if (open < 0) {
    const colon = text.indexOf(":");
    // One colon stands before a port; more are part of an IPv6 address.
    if (colon < 0 || text.includes(":", colon + 1)) return { host: text, colon: -1 };
    return { host: text.slice(0, colon), colon };
  }
  const close = text.indexOf("]", open);
  if (close < 0 || family === 4) throw new UsageError("Invalid address format");
  return { host: text.slice(open + 1, close), colon: text.indexOf(":", close) };
}

function parseHost(text: string, family: Family): Scalar {
  const address = family === 4 ? parseIpv4(text) : parseIpv6(text);
  if (address === undefined) throw new UsageError(`Bad IP address "${text}"`);
  return address;
}

/** `192.0.2.1-192.0.2.9:80-90`, `[2001:db8::1]:80`, `:80` */
export function printNatRange({ addresses, ports }: NatRange): string {
  const host = addresses ? (addresses[0] === addresses[1] ? [addresses[0]] : addresses).map(printAddress).join("-") : "";
  if (!ports) return host;
  return `${typeof addresses?.[0] === "bigint" ? `[${host}]` : host}:${printNatPorts(ports)}`;
}

/** The flags that NAT targets share, as they stood in the rule. */
export interface NatFlags {
  readonly random: boolean;
  readonly randomFully: boolean;
  readonly persistent: boolean;
}

/** The NAT action of a target. */
export function natAction(manip: "source" | "destination", address: NatAddress, ports: NatPorts | undefined, flags: NatFlags): Nat {
  return {
    do: "nat",
    manip,
    address,
    ...(ports && { ports: [ports.low, ports.high] as const }),
    ...(ports?.base !== undefined && { portBase: ports.base }),
    ...flags,
  };
}
