import { PROTOCOL } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import { addressBits, isEverything, masked, network, prefixWithin, spanOf } from "./address-range.ts";
import type { Element } from "./element.ts";
import type { EntryRequest, Refusal } from "./request.ts";
import type { HashOptions } from "./set-options.ts";
import type { Part, SetType } from "./set-type.ts";

/** The elements that a request means, in the kernel's order; made one by one, as a range may hold billions. */
export interface Elements {
  /** The only one asked of by `test`, and added where the request has no range. */
  readonly first: Element;
  readonly many: boolean;
  /** How many there are. */
  readonly count: number;
  all(): Iterable<Element>;
  /** Is an element of the set among them? Asked in place of going through more of them than the set has entries. */
  has(element: Element): boolean;
}

/** Protocols whose ports are ports. Kernel: ip_set_proto_with_ports. */
const WITH_PORTS: readonly number[] = [PROTOCOL.TCP, PROTOCOL.UDP, PROTOCOL.SCTP, PROTOCOL.UDPLITE];

/** Reads a request for a hash type, or says why the kernel refuses it. `test` never takes more than one element. Kernel: the uadt functions of ip_set_hash_*.c. */
export function hashElements(type: SetType, options: HashOptions, request: EntryRequest, testing: boolean): Elements | Refusal {
  const { parts } = type;
  const family = options.family ?? 4;
  const bits = addressBits(family);
  const [first, third] = addressParts(parts);
  if (family === 6 && (request.ipTo !== undefined || request.ip2To !== undefined)) return "range unsupported";
  const fault = partsRefusal(type, options, request, bits, first, third);
  if (fault) return fault;
  const ported = parts.includes("port");
  const withPorts = ported && WITH_PORTS.includes(request.protocol ?? 0);
  const icmp = family === 4 ? PROTOCOL.ICMP : PROTOCOL.ICMPV6;
  const port = ported && (withPorts || request.protocol === icmp) ? (request.port ?? 0) : 0;
  const fixed: Element = {
    ...(ported && { port, protocol: request.protocol ?? 0 }),
    ...(parts.includes("mark") && { mark: ((request.mark ?? 0) & options.markmask) >>> 0 }),
    ...(parts.includes("mac") && { mac: request.mac ?? 0 }),
    ...(parts.includes("iface") && {
      iface: request.iface ?? "",
      physdev: request.physdev === true,
      wildcard: request.wildcard === true,
    }),
  };
  const stored = (ip: Scalar): Scalar => masked(ip, options.mask);
  const single = (part: Part | undefined, ip: Scalar | undefined, length: number | undefined): Place =>
    part === "net" ? { ip: network(stored(ip ?? 0), length ?? bits), length: length ?? bits } : { ip: stored(ip ?? 0), length: undefined };
  const element = (one: Place | undefined, two: Place | undefined, at: number): Element => ({
    ...fixed,
    ...(one && { ip: one.ip, ...(one.length !== undefined && { cidr: one.length }) }),
    ...(two && { ip2: two.ip, ...(two.length !== undefined && { cidr2: two.length }) }),
    ...(ported && { port: at }),
  });
  const one = first && single(first, request.ip, request.cidr);
  const two = third && single(third, request.ip2, request.cidr2);
  const portTo = withPorts && request.portTo !== undefined ? request.portTo : port;
  const ranged = request.ipTo !== undefined || (first === "ip" && request.cidr !== undefined) || request.ip2To !== undefined;
  const [lowPort, highPort] = port <= portTo ? [port, portTo] : [portTo, port];
  const ones = places(first, one, request.ip, request.ipTo, request.cidr, type, options);
  const twos = places(third, two, request.ip2, request.ip2To, request.cidr2, type, options);
  return {
    first: element(one, two, port),
    many: !testing && (ranged || lowPort !== highPort),
    count: ones.count * (highPort - lowPort + 1) * twos.count,
    *all() {
      for (const a of ones.all()) for (let at = lowPort; at <= highPort; at++) for (const b of twos.all()) yield element(a, b, at);
    },
    has: ({ ip, cidr, ip2, cidr2, port: at = 0, protocol, mark, mac, iface, physdev }) =>
      ones.has(ip, cidr) &&
      twos.has(ip2, cidr2) &&
      (!ported || (protocol === fixed.protocol && lowPort <= at && at <= highPort)) &&
      mark === fixed.mark &&
      mac === fixed.mac &&
      iface === fixed.iface &&
      physdev === fixed.physdev,
  };
}

/** An address, and its prefix length where the dimension is a net. */
interface Place {
  readonly ip: Scalar;
  readonly length: number | undefined;
}

/** The kinds of the first and the second address of a key. */
function addressParts(parts: readonly Part[]): readonly [Part | undefined, Part | undefined] {
  const [first, second] = parts.filter(part => part === "ip" || part === "net");
  return [first, second];
}

function partsRefusal(
  type: SetType,
  options: HashOptions,
  request: EntryRequest,
  bits: number,
  first: Part | undefined,
  third: Part | undefined,
): Refusal | undefined {
  if (bits === 128 && first === "ip" && request.cidr !== undefined && request.cidr !== bits) return "cidr";
  for (const [part, length] of [
    [first, request.cidr],
    [third, request.cidr2],
  ] as const) {
    if (length === undefined || part === undefined) continue;
    if (length > bits || (length === 0 && !type.zeroPrefix)) return "cidr";
  }
  if (type.parts.includes("port")) {
    if (request.protocol === undefined) return "missing protocol";
    if (request.protocol === 0) return "invalid protocol";
  }
  if (type.parts.includes("mac") && (request.mac ?? 0) === 0) return "null element";
  if (!type.netmask || first !== "ip") return undefined;
  const zero = BigInt(masked(request.ip ?? 0, options.mask)) === 0n;
  if (!zero) return undefined;
  return type.parts.length === 1 ? "null element" : "invalid argument";
}

/** The addresses or prefixes of one dimension. */
interface Places {
  readonly count: number;
  all(): Iterable<Place | undefined>;
  has(ip: Scalar | undefined, length: number | undefined): boolean;
}

function places(
  part: Part | undefined,
  single: Place | undefined,
  from: Scalar | undefined,
  to: Scalar | undefined,
  length: number | undefined,
  type: SetType,
  options: HashOptions,
): Places {
  if (typeof from !== "number" || part === undefined || (to === undefined && (part === "net" || length === undefined)))
    return these([single]);
  const start = masked(from, type.netmask ? options.mask : 0xffffffff) as number;
  const end = to === undefined ? undefined : (to as number);
  if (part === "net") return networks(Math.min(start, end ?? start), Math.max(start, end ?? start));
  const [low, high] = end === undefined ? spanOf(start, length ?? 32) : start <= end ? [start, end] : [end, start];
  const step = options.netmask === undefined || type.parts.length > 1 ? 1 : 2 ** (32 - options.netmask);
  return {
    count: Math.floor((high - low) / step) + 1,
    *all() {
      for (let at = low; at <= high; at += step) yield { ip: at, length: undefined };
    },
    has: ip => typeof ip === "number" && low <= ip && ip <= high && (ip - low) % step === 0,
  };
}

function these(list: readonly (Place | undefined)[]): Places {
  return { count: list.length, all: () => list, has: (ip, length) => list.some(place => place?.ip === ip && place?.length === length) };
}

/** The prefixes that make up a range: at most 62, but single hosts without number where it is so wide that the kernel's comparison of its ends goes wrong. */
function networks(low: number, high: number): Places {
  if (high - low < 2 ** 31) return these([...prefixes(low, high)]);
  return {
    count: Infinity,
    all: () => prefixes(low, high),
    has: (ip, length) => typeof ip === "number" && low <= ip && ip <= high && prefixWithin(ip, high).length === length,
  };
}

function* prefixes(low: number, high: number): Generator<Place> {
  for (let at = low; at <= high;) {
    const { last, length } = prefixWithin(at, high);
    yield { ip: at, length };
    at = last + 1;
  }
}

/** A range of networks that is the whole address space has no prefix that could be stored. Kernel: IPSET_ERR_HASH_RANGE. */
export function coversEverything(type: SetType, { ip, ipTo, ip2, ip2To }: EntryRequest): boolean {
  const whole = (from: Scalar | undefined, to: Scalar | undefined): boolean =>
    typeof from === "number" && typeof to === "number" && isEverything(Math.min(from, to), Math.max(from, to));
  const [first, third] = addressParts(type.parts);
  return (first === "net" && whole(ip, ipTo)) || (third === "net" && whole(ip2, ip2To));
}
