import { always, among, invertIf, type Predicate } from "../predicate/index.ts";
import {
  PORT_MAX,
  UsageError,
  type Given,
  type IntegerRange,
  type Listing,
  type Option,
  type Parsed,
  type Value,
} from "../xtables/index.ts";

/** A port range as a protocol's match tests it; 0 to 65535 where nothing was said. Kernel: struct xt_tcp, xt_udp, xt_sctp_info. */
export interface PortTest {
  readonly range: IntegerRange;
  readonly invert: boolean;
}

type PortOption = Option<IntegerRange> & { readonly value: Value<IntegerRange> };

/** The options `--sport` and `--dport` by their full names, for a protocol whose ports are read as `value` says. */
export function portOptions(value: Value<IntegerRange>): { readonly "source-port": PortOption; readonly "destination-port": PortOption } {
  const ported = (alias: string, end: string): PortOption => ({
    value,
    aliases: [alias],
    invert: true,
    help: `${end} port, a service name or number, or a range of them.`,
  });
  return { "source-port": ported("sport", "Source"), "destination-port": ported("dport", "Destination") };
}

const ANY_PORT: PortTest = { range: [0, PORT_MAX], invert: false };

/** The test of an option that may be missing. */
export function portTest(parsed: Parsed<IntegerRange> | undefined): PortTest {
  return parsed ? { range: parsed.value, invert: parsed.invert } : ANY_PORT;
}

const isFull = ([low, high]: IntegerRange): boolean => low === 0 && high === PORT_MAX;

/** Kernel: xt_tcpudp.c, port_match. A range from high to low holds no port. */
export function lowerPort(field: "sport" | "dport", { range, invert }: PortTest): Predicate {
  return isFull(range) && !invert ? always : invertIf(invert, among(field, range));
}

/** `! --dport 80:90`, as libxt_tcp saves it; nothing for all ports, inverted or not. */
export function savePort(option: string, { range, invert }: PortTest): readonly string[] {
  return isFull(range) ? [] : [savePortAlways(option, { range, invert })];
}

/** The same even for all ports. */
export function savePortAlways(option: string, { range: [low, high], invert }: PortTest): string {
  return `${invert ? "! " : ""}--${option} ${low === high ? low : `${low}:${high}`}`;
}

/** `dpt:22`, `dpts:!1:2`; nothing for all ports that are not inverted. */
export function listPort(name: string, { range, invert }: PortTest, protocol: string, listing: Listing): readonly string[] {
  if (isFull(range) && !invert) return [];
  const [low, high] = range;
  const shown = (port: number): string => portName(port, protocol, listing);
  const value = low === high ? shown(low) : `${shown(low)}:${shown(high)}`;
  return [`${name}${low === high ? "" : "s"}:${invert ? "!" : ""}${value}`];
}

/** The port's service in a listing without -n, else its number. */
export function portName(port: number, protocol: string, { numeric, names }: Listing): string {
  return (numeric ? undefined : names.serviceName(port, protocol)) ?? `${port}`;
}

/**
 * Throws UsageError with the sentence of the older extensions where one of the options stands twice. What stands before is read first, for faults of
 * its own.
 */
export function refuseTwice(
  given: readonly Given[],
  sentences: readonly (readonly [options: readonly string[], sentence: string])[],
  read: (before: readonly Given[]) => unknown,
): void {
  if (given.length < 2) return;
  const seen = new Set<string>();
  for (const [at, { option, span }] of given.entries()) {
    const sentence = sentences.find(([options]) => options.includes(option))?.[1];
    if (sentence === undefined) continue;
    if (seen.has(sentence)) {
      read(given.slice(0, at));
      throw new UsageError(sentence, { span });
    }
    seen.add(sentence);
  }
}
