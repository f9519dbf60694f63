import { CT_STATE, among, all, any, bits, equal, type Family, type Predicate, type Scalar } from "../../predicate/index.ts";
import { PATHS, type Path } from "../witness.ts";
import { addressTest, mayBe } from "./lower-addresses.ts";
import { interfaceTest } from "./lower-interfaces.ts";
import type { AddressSet, InterfaceSet, PortSet, Question, QuestionFault, Service } from "./question.ts";
import { reading, Stop } from "./reader.ts";
import type { Standing, Surroundings } from "./surroundings.ts";

/** What a question asks of one family and path: `of` tests the opener of a session (`saddr` is the client), or the packet. */
export interface LoweredQuestion {
  readonly family: Family;
  readonly path: Path;
  readonly of: Predicate;
}

/**
 * A question as predicates, one for each family and path that it may be about; a fault where a name means nothing, or nothing can be meant.
 * `only` says which paths are meant, whatever the question says. Without a host `self` is told from other addresses by the path alone: what comes in is to it, what goes out is from it.
 */
export function lowerQuestion(
  question: Question,
  surroundings: Surroundings,
  only?: readonly Path[],
): readonly LoweredQuestion[] | QuestionFault {
  return reading(() => {
    const families = ([4, 6] as const).filter(family => isAbout(question, family, surroundings));
    if (families.length === 0) throw new Stop(nobody(question));
    return families.flatMap(family =>
      (only ?? pathsOf(question, surroundings.host !== undefined)).map(path => ({
        family,
        path,
        of: lowerFor(question, { family, path, surroundings }),
      })),
    );
  });
}

function isAbout({ family, from, to, service }: Question, asked: Family, surroundings: Surroundings): boolean {
  if (family !== undefined && family !== asked) return false;
  if (service.is === "icmp" && service.family !== asked) return false;
  return mayBe(from, asked, surroundings) && mayBe(to, asked, surroundings);
}

function nobody({ family, from, to, service }: Question): QuestionFault {
  const first = from.items[0];
  const last = to.items.at(-1);
  const said = family !== undefined || service.is === "icmp";
  const message = said ? "there are no such addresses of this family" : "client and server are of different families";
  return { message, start: first?.start ?? 0, end: last?.end ?? 0 };
}

/**
 * Paths that interfaces and `self` leave open. Only who asks for loopback, or for the machine on both sides, means sessions with itself. Where the
 * machine is known, routing says more, and translation may lead what is for itself elsewhere.
 */
function pathsOf({ from, to, in: input, out }: Question, known: boolean): readonly Path[] {
  if ([input, out].some(test => test && !test.invert && test.names.every(isLoopback))) return ["local"];
  if (onlySelf(from) && onlySelf(to)) return ["local"];
  return PATHS.filter(path => {
    if (path === "local") return false;
    if (input && path === "out") return false;
    if (out && path === "in") return false;
    if (onlySelf(to)) return path === "in" || (known && path === "forward");
    return !onlySelf(from) || path === "out";
  });
}

const isLoopback = ({ name, start }: InterfaceSet["names"][number]): boolean => name === "lo" && !start;

const onlySelf = ({ invert, items }: AddressSet): boolean => !invert && items.every(isSelf);

function isSelf(item: AddressSet["items"][number]): boolean {
  if (item.is === "self") return true;
  if (item.is === "range") return isLoopbackAddress(item.low) && isLoopbackAddress(item.high);
  return item.is === "prefix" && isLoopbackAddress(item.address) && (item.family === 6 || item.length >= 8);
}

const isLoopbackAddress = (address: Scalar): boolean => (typeof address === "bigint" ? address === 1n : address >>> 24 === 127);

function lowerFor({ from, sourcePorts, to, service, in: input, out, states, flags }: Question, standing: Standing): Predicate {
  const parts: Predicate[] = [
    addressTest(from, "saddr", standing),
    addressTest(to, "daddr", standing),
    ...serviceTest(service, standing.family),
  ];
  if (sourcePorts) parts.push(portTest(sourcePorts, "sport"));
  if (input) parts.push(interfaceTest(input, "iif"));
  if (out) parts.push(interfaceTest(out, "oif"));
  if (states) parts.push(any(...states.map(state => equal("ctstate", CT_STATE[state]))));
  if (flags) parts.push(bits("tcpflags", flags.mask, flags.value));
  return all(...parts);
}

/** What a service asks of a packet of the family; tests that must all hold. */
export function serviceTest(service: Service, family: Family): readonly Predicate[] {
  switch (service.is) {
    case "any":
      return [];
    case "ping":
      return [equal("protocol", family === 4 ? 1 : 58), equal("icmptype", family === 4 ? 8 : 128)];
    case "icmp": {
      const protocol = equal("protocol", family === 4 ? 1 : 58);
      const type = service.type === undefined ? [] : [equal("icmptype", service.type)];
      return [protocol, ...type, ...(service.code === undefined ? [] : [equal("icmpcode", service.code)])];
    }
    case "protocols": {
      const protocols = among("protocol", ...service.protocols.map((protocol): [number, number] => [protocol, protocol]));
      return service.ports ? [protocols, portTest(service.ports, "dport")] : [protocols];
    }
  }
}

/** Ports in a set; what has no port is in none, not even in an inverted one. */
export function portTest({ invert, ranges }: PortSet, field: "sport" | "dport"): Predicate {
  return among(field, ...(invert ? gaps(ranges) : ranges));
}

function gaps(ranges: PortSet["ranges"]): PortSet["ranges"] {
  const free: [number, number][] = [];
  let low = 0;
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (low < from) free.push([low, from - 1]);
    low = Math.max(low, to + 1);
  }
  if (low <= 65535) free.push([low, 65535]);
  return free;
}
