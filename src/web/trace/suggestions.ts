import { assumeHost, type Host, type Interface } from "../../host/index.ts";
import { PROTOCOL, printAddress, protocolName, serviceName } from "../../packet/index.ts";
import { leaves, type Family, type Scalar } from "../../predicate/index.ts";
import { printable } from "../../report/index.ts";
import type { Chain, Rule, Ruleset } from "../../ruleset/index.ts";
import type { ReadFirewall } from "../work/firewall.ts";

/** A question that is worth asking of these rules. */
export interface Suggestion {
  /** `ssh from outside` */
  readonly title: string;
  /** In the packet notation. */
  readonly text: string;
}

/** What the packet builder offers for these rules. */
export interface Advice {
  readonly suggestions: readonly Suggestion[];
  /** Interfaces of the machine, or those that rules name. */
  readonly interfaces: readonly string[];
}

/** Questions and names that the rules suggest: services that they open, ways through, and what nobody asked for. */
export function adviceOf({ v4, v6, host }: ReadFirewall): Advice {
  const machine = host ?? assumeHost([v4, v6], []);
  const families = [v4, v6].flatMap(ruleset => (ruleset ? [suggestionsFor(ruleset, machine)] : []));
  return {
    suggestions: families.flat().slice(0, SUGGESTIONS_MAX),
    interfaces: machine.interfaces.map(({ name }) => name),
  };
}

const SUGGESTIONS_MAX = 14;

function suggestionsFor(ruleset: Ruleset, machine: Host): Suggestion[] {
  const { family } = ruleset;
  const mark = family === 6 ? " (IPv6)" : "";
  const wires = machine.interfaces.filter(({ link, up, bridge }) => link !== "loopback" && up && bridge === undefined);
  const outside = wires.find(({ name }) => name === defaultDevice(machine, family)) ?? wires[0];
  if (outside === undefined) return [];
  const others = wires.filter(wire => wire !== outside && neighbourOf(machine, wire, family) !== undefined);
  const inside = others.find(wire => ownNetwork(wire, family) !== undefined) ?? others[0];
  const own = ownAddress(outside, family) ?? STRANGER[family].own;
  const stranger = STRANGER[family].client;
  const found: Suggestion[] = [];
  const put = (title: string, text: string): void => {
    if (!found.some(each => each.text === text)) found.push({ title: `${title}${mark}`, text });
  };
  const session = (protocol: string, from: string, to: string, port: number, words: string): string =>
    `session ${protocol} ${from} > ${family === 6 ? `[${to}]` : to}:${port} ${words}`;
  const comes = `in ${outside.name}`;
  const filter = ruleset.tables.get("filter");
  for (const { protocol, port, device } of services(filter?.chains, "INPUT", "accept").slice(0, SERVICES_MAX)) {
    const wire = wires.find(({ name }) => name === device);
    const near = wire && wire !== outside ? neighbourOf(machine, wire, family) : undefined;
    if (wire && near !== undefined)
      put(
        `${named(protocol, port)} from ${printable(wire.name)}`,
        session(protocol, near, ownAddress(wire, family) ?? own, port, `in ${wire.name}`),
      );
    else put(`${named(protocol, port)} from outside`, session(protocol, stranger, own, port, comes));
  }
  for (const { protocol, port } of services(ruleset.tables.get("nat")?.chains, "PREROUTING", "nat").slice(0, SERVICES_MAX))
    put(`${named(protocol, port)} from outside, translated`, session(protocol, stranger, own, port, comes));
  const neighbour = inside && neighbourOf(machine, inside, family);
  if (inside && neighbour !== undefined) {
    put(`https from inside (${printable(inside.name)})`, session("tcp", neighbour, STRANGER[family].server, 443, `in ${inside.name}`));
    put(`from outside to a machine inside`, session("tcp", stranger, neighbour, 22, comes));
  }
  if (filter?.chains.has("INPUT")) {
    put("a port that nobody named, from outside", session("tcp", stranger, own, UNNAMED_PORT, comes));
    put("ping from outside", `session ${family === 4 ? "icmp" : "icmpv6"} ${stranger} > ${own} echo-request ${comes}`);
    put("an ACK that belongs to no session", `tcp ${stranger} > ${family === 6 ? `[${own}]` : own}:${UNNAMED_PORT} ack ${comes}`);
  }
  put("a lookup by this machine itself", session("udp", own, STRANGER[family].resolver, 53, `out ${outside.name}`));
  return found;
}

const SERVICES_MAX = 3;
const RULES_LOOKED = 200;

/** A port that no service has. */
const UNNAMED_PORT = 4444;

/** Addresses for others: those of documentation, and a public resolver. */
const STRANGER: Readonly<Record<Family, { client: string; server: string; own: string; resolver: string }>> = {
  4: { client: "203.0.113.9", server: "203.0.113.80", own: "192.0.2.1", resolver: "9.9.9.9" },
  6: { client: "2001:db8:113::9", server: "2001:db8:113::80", own: "2001:db8::1", resolver: "2620:fe::fe" },
};

const named = (protocol: string, port: number): string => serviceName(port, protocol) ?? `${protocol} ${port}`;

function defaultDevice({ routes }: Host, family: Family): string | undefined {
  return routes.find(route => route.family === family && route.prefixLength === 0)?.device;
}

const ownAddress = ({ addresses }: Interface, family: Family): string | undefined => {
  const own = addresses.find(each => each.family === family && each.scope !== "link" && each.scope !== "host");
  return own && printAddress(own.address);
};

/** The interface's address in a network that holds others. */
const ownNetwork = ({ addresses }: Pick<Interface, "addresses">, family: Family): Interface["addresses"][number] | undefined =>
  addresses.find(each => each.family === family && each.prefixLength < (family === 4 ? 32 : 128) - 2 && each.scope !== "link");

/** An address that is behind an interface: in its own network, or in one that a route leads to; undefined where nobody knows one. */
function neighbourOf({ routes }: Host, { name, addresses }: Interface, family: Family): string | undefined {
  const bits = family === 4 ? 32 : 128;
  const own = ownNetwork({ addresses }, family);
  if (own) return printAddress(neighbourIn(own.address, own.prefixLength, family, own.address));
  const route = routes.find(each => each.family === family && each.device === name && each.prefixLength > 0);
  return (
    route &&
    printAddress(route.prefixLength > bits - 3 ? route.destination : neighbourIn(route.destination, route.prefixLength, family, undefined))
  );
}

/** The tenth address of a network, or the next one where that is taken. */
function neighbourIn(address: Scalar, prefixLength: number, family: Family, taken: Scalar | undefined): number | bigint {
  const hostBits = BigInt((family === 4 ? 32 : 128) - prefixLength);
  const network = (BigInt(address) >> hostBits) << hostBits;
  const offset = hostBits > 4n ? 10n : 2n;
  const found = network + offset === BigInt(taken ?? -1) ? network + offset + 1n : network + offset;
  return family === 4 ? Number(found) : found;
}

interface ServiceRule {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** The interface that the rule asks for. */
  readonly device?: string;
}

/** Services that rules in reach of a built-in chain accept, or translate, in the order of the rules. */
function services(chains: ReadonlyMap<string, Chain> | undefined, start: string, wanted: "accept" | "nat"): readonly ServiceRule[] {
  const found: ServiceRule[] = [];
  const seen = new Set<string>([start]);
  for (const name of seen)
    for (const rule of (chains?.get(name)?.rules ?? []).slice(0, RULES_LOOKED)) {
      const action = rule.target?.action;
      if ((action?.do === "jump" || action?.do === "goto") && seen.size < CHAINS_LOOKED) seen.add(action.chain);
      const service = action?.do === wanted ? serviceOf(rule) : undefined;
      if (service && !found.some(({ protocol, port }) => protocol === service.protocol && port === service.port)) found.push(service);
    }
  return found;
}

const CHAINS_LOOKED = 50;

/** The first service that a rule names by its destination port. */
function serviceOf({ header, conditions }: Rule): ServiceRule | undefined {
  const number = header.protocol?.invert === false ? header.protocol.number : undefined;
  const protocol = number === PROTOCOL.TCP || number === PROTOCOL.UDP ? protocolName(number) : undefined;
  if (protocol !== "tcp" && protocol !== "udp") return undefined;
  for (const { predicate } of conditions)
    for (const { leaf, inverted } of leaves(predicate))
      if (leaf.is === "in" && leaf.field === "dport" && !inverted) {
        const [low] = leaf.ranges[0] ?? [];
        const device = header.inInterface?.invert === false && !header.inInterface.wildcard ? header.inInterface.name : "";
        if (typeof low === "number") return { protocol, port: low, ...(device !== "" && { device }) };
      }
  return undefined;
}
