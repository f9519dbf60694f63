import { complement, difference, equalSets, union, type IntervalSet } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
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

/** Kinds of sessions with ports, as ranks. */
export interface ServiceRanks {
  readonly kinds: Ranks;
  readonly ports: Ranks;
  readonly sourcePorts: Ranks;
  /** Is it the source port that opens them? Then names say it. */
  readonly special: boolean;
}

/** The services that some kinds of sessions with some ports are: one for all kinds that have the ports alike, or one for each. */
export function serviceClasses({ kinds: kindRanks, ports, sourcePorts, special }: ServiceRanks, scale: ServiceScale): ServiceClass[] {
  const { kinds, family } = scale;
  const chosen = kinds.filter((_, index) => kindRanks.some(([low, high]) => low <= index && index <= high));
  const to = portValues(ports, scale.ports);
  const from = portValues(sourcePorts, scale.ports);
  const made = (protocols: Ranges, withPorts: boolean, icmpTypes?: Ranges): ServiceClass => {
    const [own, source] = withPorts ? [to, from] : [undefined, undefined];
    const name = serviceText({ protocols, ports: own, sourcePorts: special ? source : undefined, icmpTypes }, family);
    return { protocols, ports: own, sourcePorts: source, ...(icmpTypes && { icmpTypes }), name };
  };
  if (to === undefined && !(special && from !== undefined) && chosen.length === kinds.length) return [made([[0, 255]], true)];
  const services: ServiceClass[] = [];
  const ported = chosen.filter(kind => kind.ports);
  if (ported.length > 0) services.push(made(protocolsOf(ported, kinds), true));
  const types = chosen.filter(({ icmpType }) => icmpType !== undefined);
  const [icmp] = types;
  if (icmp !== undefined) {
    const all = types.length === kinds.filter(({ icmpType }) => icmpType !== undefined).length;
    services.push(made([[icmp.protocol, icmp.protocol]], false, all ? undefined : typesOf(types)));
  }
  const plain = chosen.filter(({ ports: withPorts, icmpType }) => !withPorts && icmpType === undefined);
  if (plain.length > 0) services.push(made(protocolsOf(plain, kinds), false));
  return services;
}

/**
 * Services without what another one of them has already: protocols of which all is there leave those of which only some ports are, and become one
 * service.
 */
export function mergedServices(services: readonly ServiceClass[], family: Family): ServiceClass[] {
  const whole = services.filter(
    ({ ports, sourcePorts, icmpTypes }) => ports === undefined && sourcePorts === undefined && icmpTypes === undefined,
  );
  const full = whole.reduce<IntervalSet<Scalar>>((all, { protocols }) => union(all, protocols as IntervalSet<Scalar>), []);
  const rest = services
    .filter(service => !whole.includes(service))
    .flatMap(service => {
      const protocols = difference(service.protocols as IntervalSet<Scalar>, full);
      if (protocols.length === 0) return [];
      const { name: _, ...shape } = { ...service, protocols };
      const said = service.name.includes(" from port ") ? shape : { ...shape, sourcePorts: undefined };
      return [
        protocols.length === service.protocols.length && equalSets(protocols, service.protocols as IntervalSet<Scalar>)
          ? service
          : { ...shape, name: serviceText(said, family) },
      ];
    });
  if (full.length === 0) return rest;
  const one =
    whole.length === 1
      ? whole
      : [{ protocols: full, ports: undefined, sourcePorts: undefined, name: serviceText({ protocols: full }, family) }];
  return [...rest, ...one];
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
