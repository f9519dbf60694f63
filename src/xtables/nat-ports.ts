import { protocolNumber } from "../packet/index.ts";
import { scanUnsigned } from "./integers.ts";
import type { ReadContext } from "./option.ts";
import { UsageError } from "./usage.ts";

/** Ports that a NAT target may choose from, low to high. */
export interface NatPorts {
  readonly low: number;
  readonly high: number;
  /** `a-b/base`: a port keeps its distance from this one. */
  readonly base?: number;
}

const PORT_MAX = 0xffff;

/** Protocols of getservbyname's search without one, in the order of the services database. */
const SERVICE_PROTOCOLS = ["tcp", "udp", "sctp", "dccp", "ddp"] as const;

/** Protocols whose rules may name ports: TCP, UDP, SCTP, DCCP, and ICMP (the IPv4 one, in both families), inverted or not. libxt_NAT: portok. */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 132, 33, 1]);

function requirePorts(protocol: string): void {
  const number = protocolNumber(protocol) ?? scanUnsigned(protocol, 0, 0xff)?.value;
  if (number === undefined || !WITH_PORTS.has(number)) throw new UsageError("Need TCP, UDP, SCTP or DCCP with port specification");
}

/** `port[-port[/base]]`: the first and the base may be service names. Throws UsageError with the sentences of libxt_NAT's parse_ports. */
export function parseNatPorts(text: string, { names, protocol }: Pick<ReadContext, "names" | "protocol">): NatPorts {
  requirePorts(protocol);
  const first = scanUnsigned(text, 0, PORT_MAX) ?? service(text, names);
  if (!first) throw notValid(text);
  if (first.rest === "") return { low: first.value, high: first.value };
  if (first.rest.startsWith(":")) throw new UsageError("Invalid port:port syntax - use dash");
  if (!first.rest.startsWith("-")) throw new UsageError(`Garbage after port value: \`${first.rest}'`);
  const rest = first.rest.slice(1);
  const last = scanUnsigned(rest, 0, PORT_MAX);
  if (!last) throw notValid(rest);
  if (last.value < first.value) throw new UsageError(`Port range \`${rest}' funky`);
  if (last.rest === "") return { low: first.value, high: last.value };
  if (!last.rest.startsWith("/")) throw new UsageError(`Garbage after port range: \`${last.rest}'`);
  const base = last.rest.slice(1);
  const scanned = scanUnsigned(base, 1, PORT_MAX) ?? service(base, names);
  if (!scanned) throw notValid(base);
  return { low: first.value, high: last.value, base: scanned.value };
}

/** `80`, `80-90`, `80-90/8080` */
export function printNatPorts({ low, high, base }: NatPorts): string {
  return `${low}${high === low ? "" : `-${high}`}${base === undefined ? "" : `/${base}`}`;
}

function service(name: string, names: ReadContext["names"]): { readonly value: number; readonly rest: "" } | undefined {
  for (const protocol of SERVICE_PROTOCOLS) {
    const value = names.service(name, protocol);
    if (value !== undefined) return { value, rest: "" };
  }
  return undefined;
}

const notValid = (text: string): UsageError => new UsageError(`Port \`${text}' not valid`);
