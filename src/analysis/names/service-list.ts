import { complement, difference, size, union, type IntervalSet } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import { serviceText, type ServiceShape } from "./service.ts";

/** A service with what it is called. */
export interface NamedService extends ServiceShape {
  readonly name: string;
}

type Numbers = IntervalSet<Scalar>;

const ALL_PROTOCOLS: Numbers = [[0, 255]];
/** Port 0 is nobody's. */
const PORTS_IN_USE: Numbers = [[1, 65535]];
/** Where services lack more protocols than this, or more ports of one, their names say it better. */
const PROTOCOLS_MAX = 4n;
const RANGES_MAX = 8;
const PORTS_MAX = 32_768n;

/** What services that stand together are called, each once; those that are nearly everything by what they lack: `everything but smtp (tcp 25)`. */
export function serviceNames(services: readonly NamedService[]): string[] {
  const missing = missingFrom(services);
  if (missing === undefined) return [...new Set(services.map(({ name }) => name))];
  return [missing.length === 0 ? "everything" : `everything but ${missing.join(", ")}`];
}

/** What services lack that have most protocols whole and most of the ports of another one; undefined for all others. */
function missingFrom(services: readonly NamedService[]): string[] | undefined {
  const whole = services.filter(({ ports, icmpTypes }) => ports === undefined && icmpTypes === undefined);
  if (whole.length === services.length || services.some(({ name }) => name.includes(" from port "))) return undefined;
  const protocols = complement(joined(whole.map(service => service.protocols as Numbers)), ALL_PROTOCOLS);
  if (size(protocols) > PROTOCOLS_MAX) return undefined;
  const names: string[] = [];
  for (const protocol of [...Array(256).keys()].filter(number => holds(protocols, number))) {
    const own = services.filter(service => holds(service.protocols, protocol));
    // Of ICMP with some types no port is held: that is too much to be called missing.
    const ports = own.length === 0 ? undefined : difference(PORTS_IN_USE, joined(own.map(each => (each.ports ?? []) as Numbers)));
    if (ports !== undefined && (size(ports) > PORTS_MAX || ports.length > RANGES_MAX)) return undefined;
    if (ports?.length !== 0) names.push(serviceText({ protocols: [[protocol, protocol]], ports }, 4));
  }
  return names;
}

const joined = (sets: readonly Numbers[]): Numbers => sets.reduce<Numbers>((all, each) => union(all, each), []);

const holds = (ranges: ServiceShape["protocols"], number: number): boolean => ranges.some(([low, high]) => low <= number && number <= high);
