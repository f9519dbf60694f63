import { complement, type IntervalSet } from "../../packet/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { Domain, SessionKind } from "../../symbolic/index.ts";
import { serviceText } from "../names/index.ts";
import type { ServiceClass } from "../policy-report.ts";
import type { Ranges } from "../witness.ts";
import type { Ranks } from "./ranks.ts";

/** What services are made of in a space. */
export interface ServiceScale {
  readonly family: Family;
  readonly kinds: readonly SessionKind[];
  /** Ranks of ports. */
  readonly ports: Domain;
}

/** The services that some kinds of sessions with some ports are: one for all kinds that have the ports alike, or one for each. */
export function serviceClasses(kindRanks: Ranks, ports: Ranks, sourcePorts: Ranks, scale: ServiceScale): ServiceClass[] {
  const { kinds, family } = scale;
  const chosen = kinds.filter((_, index) => kindRanks.some(([low, high]) => low <= index && index <= high));
  const to = portValues(ports, scale.ports);
  const from = portValues(sourcePorts, scale.ports);
  if (to === undefined && from === undefined && chosen.length === kinds.length)
    return [named([[0, 255]], undefined, undefined, undefined, family)];
  const ported = chosen.filter(kind => kind.ports);
  const services: ServiceClass[] = [];
  if (ported.length > 0) services.push(named(protocolsOf(ported, kinds), to, from, undefined, family));
  if (to !== undefined || from !== undefined) return services;
  const types = chosen.filter(({ icmpType }) => icmpType !== undefined);
  const [icmp] = types;
  if (icmp !== undefined) {
    const all = types.length === kinds.filter(({ icmpType }) => icmpType !== undefined).length;
    services.push(named([[icmp.protocol, icmp.protocol]], undefined, undefined, all ? undefined : typesOf(types), family));
  }
  const plain = chosen.filter(({ ports: withPorts, icmpType }) => !withPorts && icmpType === undefined);
  if (plain.length > 0) services.push(named(protocolsOf(plain, kinds), undefined, undefined, undefined, family));
  return services;
}

function named(
  protocols: Ranges,
  ports: Ranges | undefined,
  sourcePorts: Ranges | undefined,
  icmpTypes: Ranges | undefined,
  family: Family,
): ServiceClass {
  const name = serviceText({ protocols, ports, sourcePorts, icmpTypes }, family);
  return { protocols, ports, sourcePorts, ...(icmpTypes && { icmpTypes }), name };
}

/** Ports of ranks; undefined for all. */
function portValues(ranks: Ranks, domain: Domain): Ranges | undefined {
  const [only] = ranks;
  if (ranks.length === 1 && only && only[0] <= 1 && only[1] === domain.size - 1) return undefined;
  return ranks.flatMap(([low, high]): Ranges => {
    const first = domain.isAbsent(low) ? low + 1 : low;
    return first > high ? [] : [[domain.rangeOf(first)[0], domain.rangeOf(high)[1]]];
  });
}

const typesOf = (kinds: readonly SessionKind[]): Ranges => joined(kinds.map(({ icmpType = 0 }) => icmpType));

/** Protocols of some kinds; one kind stands for all that no other has. */
function protocolsOf(kinds: readonly SessionKind[], all: readonly SessionKind[]): Ranges {
  const own = kinds.flatMap(({ protocol, others }) => (others ? [] : [protocol]));
  if (own.length === kinds.length) return joined(own);
  const others = all.flatMap(({ protocol, others }) => (others || own.includes(protocol) ? [] : [protocol]));
  return complement(joined(others) as IntervalSet<number>, [[0, 255]]);
}

function joined(values: readonly number[]): Ranges {
  const ranges: [number, number][] = [];
  for (const value of [...new Set(values)].toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === value - 1) last[1] = value;
    else ranges.push([value, value]);
  }
  return ranges;
}
