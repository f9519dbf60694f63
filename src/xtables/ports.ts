import { scanUnsigned } from "./integers.ts";
import { tooMany, type IntegerRange } from "./integer-range.ts";
import type { NameTables, ReadContext, Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/** The highest port. */
export const PORT_MAX = 0xffff;

/** Protocols in the order in which glibc's getaddrinfo asks for a service name when none is given. */
const ASKED = ["tcp", "udp", "dccp", "udplite", "sctp"] as const;

/** A port's number, or the name of a service of this protocol. Throws UsageError. libxtables: xtables_parse_port. */
export function parsePort(text: string, protocol: string, names: NameTables): number {
  const scanned = scanUnsigned(text, 0, PORT_MAX);
  const port = scanned?.rest === "" ? scanned.value : names.service(text, protocol);
  if (port === undefined) throw new UsageError(`invalid port/service \`${text}' specified`);
  return port;
}

/** `port[:port]` for one protocol, low to high, as libxt_tcp and libxt_sctp read it. */
export const orderedPorts = (protocol: string): Value<IntegerRange> => ({
  shape: "port[:port]",
  parse(text, { names }) {
    const colon = text.indexOf(":");
    if (colon < 0) {
      const port = parsePort(text, protocol, names);
      return [port, port];
    }
    const low = colon === 0 ? 0 : parsePort(text.slice(0, colon), protocol, names);
    const high = colon === text.length - 1 ? PORT_MAX : parsePort(text.slice(colon + 1), protocol, names);
    if (low > high) throw new UsageError("invalid portrange (min > max)");
    return [low, high];
  },
  print: ([low, high]) => (low === high ? `${low}` : `${low}:${high}`),
});

/**
 * `port[:port]` in any order, read by getaddrinfo: services of any protocol, no hexadecimal, and only the low 16 bits of a number,
 * about which it warns. libxtables: xtopt_parse_mport.
 */
export const loosePorts: Value<IntegerRange> = {
  shape: "port[:port]",
  parse(text, context) {
    const parts = text.split(":", 3);
    const low = parts[0] ? loosePort(parts[0], context) : 0;
    if (parts.length === 1) return [low, low];
    const high = parts[1] ? loosePort(parts[1], context) : PORT_MAX;
    if (parts.length > 2) throw tooMany(context.extension, context.option);
    return [low, high];
  },
  print: ([low, high]) => (low === high ? `${low}` : `${low}:${high}`),
};

function loosePort(text: string, { names, extension, option, warn }: ReadContext): number {
  const [, sign, digits] = /^[ \t-\r]*([-+]?)(\d+)$/.exec(text) ?? [];
  if (digits !== undefined) {
    const number = digits.length > 40 ? undefined : BigInt(digits);
    // glibc keeps the number in a C int; a negative one is looked up as a name.
    const int = number === undefined || number >= 1n << 64n ? undefined : BigInt.asIntN(32, sign === "-" ? -number : number);
    if (int !== undefined && int >= 0n) {
      const port = Number(int & 0xffffn);
      if (sign === "-" || number !== BigInt(port)) warn(`${extension}: "--${option} ${text}" is port ${port}, the low 16 bits of it`);
      return port;
    }
  }
  for (const protocol of ASKED) {
    const port = names.service(text, protocol);
    if (port !== undefined) return port;
  }
  throw new UsageError(`Port "${text}" does not resolve to anything.`);
}
