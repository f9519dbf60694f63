import { mask4, mask6, maskLength, printAddress, printPrefix, type PacketSpec } from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";
import type { AddressTest, Chain, Rule, Ruleset } from "../ruleset/index.ts";
import { isLimitedBroadcast, isLoopback, isMulticast, isZeronet } from "./address-type.ts";
import { LOOPBACK, TABLE, type Host, type Interface, type InterfaceAddress, type Route } from "./host.ts";

/** A packet that is to be run: its addresses, and the interfaces that it is said to come in on and to leave by. */
export interface Passenger {
  readonly family: Family;
  readonly source: Scalar;
  readonly destination: Scalar;
  /** `in` alone: the packet is for this machine; `out` alone: it is this machine's; both: it passes through. */
  readonly in?: string | undefined;
  readonly out?: string | undefined;
}

/** Whom a packet concerns. Loopback addresses mean loopback. */
export function passengerOf({ family, source, destination, in: input, out: output, physin }: PacketSpec): Passenger {
  const loopback = input === undefined && output === undefined && isLoopback(source.address);
  return {
    family,
    source: source.address,
    destination: destination.address,
    in: loopback ? "lo" : (input ?? physin),
    out: loopback ? "lo" : output,
  };
}

/**
 * A machine for rules that came without one: the interfaces that rules and packets name, the addresses that they take for granted, routes
 * that bring the packets where they are said to go. Every assumption is a sentence in `assumed`.
 */
export function assumeHost(rulesets: readonly (Ruleset | undefined)[], passengers: readonly Passenger[]): Host {
  const given = rulesets.filter(ruleset => ruleset !== undefined);
  const draft = new Draft();
  for (const passenger of passengers) draft.nameInterface(passenger.in, passenger.out);
  for (const ruleset of given) for (const rule of rulesOf(ruleset)) draft.nameFromRule(rule);
  draft.inventWildcards();
  if (draft.names.size === 0) draft.invent("eth0", "the machine has one interface, eth0");
  for (const passenger of passengers) draft.admit(passenger);
  for (const ruleset of given) draft.addressesFromRules(ruleset);
  for (const ruleset of given) draft.networksFromRules(ruleset);
  for (const ruleset of given) draft.serversFromRules(ruleset);
  draft.defaultRoutes(given, passengers);
  return draft.host();
}

function* rulesOf(ruleset: Ruleset): Generator<Rule> {
  for (const table of ruleset.tables.values()) for (const chain of table.chains.values()) yield* chain.rules;
}

/** What is being put together. */
class Draft {
  readonly names = new Set<string>();
  private readonly wildcards = new Set<string>();
  private readonly addresses = new Map<string, InterfaceAddress[]>();
  private readonly owned = new Set<Scalar>();
  private readonly routed = new Set<string>();
  private readonly said = new Set<string>();
  private readonly routes: Route[] = [];
  private readonly assumed: string[] = [];
  private readonly families = new Set<Family>();

  nameInterface(...names: readonly (string | undefined)[]): void {
    for (const name of names) if (name !== undefined && name !== "" && name !== "lo") this.names.add(name);
  }

  nameFromRule({ header }: Rule): void {
    for (const test of [header.inInterface, header.outInterface]) {
      if (test === undefined || test.name === "" || test.name === "lo") continue;
      if (test.wildcard) this.wildcards.add(test.name);
      else this.names.add(test.name);
    }
  }

  /** `ppp+` where no interface of that kind is named stands for ppp0. */
  inventWildcards(): void {
    const starts = new Set<string>();
    for (const name of this.names)
      for (let length = 1; length <= Math.min(name.length, NAME_LIMIT); length++) starts.add(name.slice(0, length));
    for (const start of this.wildcards) if (!starts.has(start)) this.invent(`${start}0`, `${start}+ stands for an interface ${start}0`);
  }

  invent(name: string, why: string): void {
    this.names.add(name);
    this.assumed.push(why);
  }

  /** Makes the machine one that the packet goes through as it says. */
  admit({ family, source, destination, in: input, out: output }: Passenger): void {
    if (input === "lo" || output === "lo") return;
    const [first = "eth0"] = this.names;
    if (output !== undefined) {
      if (input === undefined) this.own(output, family, source);
      else this.reach(input, family, source);
      this.reach(output, family, destination);
      return;
    }
    const device = input ?? first;
    if (input === undefined) this.say(`the packet comes in on ${device} and is for this host`);
    this.own(device, family, destination);
    this.reach(device, family, source);
  }

  /** The machine has this address. */
  private own(name: string, family: Family, address: Scalar, why = ""): void {
    if (!ordinary(address) || this.owned.has(address)) return;
    this.owned.add(address);
    this.list(name).push({ family, address, prefixLength: FULL[family] });
    this.say(`${printAddress(address)} is this host's own, on ${name}${why === "" ? "" : ` (${why})`}`);
  }

  private list(name: string): InterfaceAddress[] {
    let list = this.addresses.get(name);
    if (list === undefined) this.addresses.set(name, (list = []));
    return list;
  }

  /** A single address lies behind an interface. */
  private reach(device: string, family: Family, address: Scalar): void {
    if (ordinary(address) && !this.owned.has(address))
      this.route(device, family, address, FULL[family], `${printAddress(address)} is reached by ${device}`);
  }

  private route(device: string, family: Family, destination: Scalar, prefixLength: number, why: string): void {
    const key = `${family} ${destination}/${prefixLength}`;
    if (this.routed.has(key)) return;
    this.routed.add(key);
    this.routes.push({ family, table: TABLE.MAIN, type: "unicast", destination, prefixLength, device, metric: 0, scope: "link" });
    this.say(why);
  }

  private say(sentence: string): void {
    if (this.said.has(sentence)) return;
    this.said.add(sentence);
    this.assumed.push(sentence);
  }

  /** Addresses that rules speak of as the machine's own: single destinations in INPUT, what SNAT gives. */
  addressesFromRules(ruleset: Ruleset): void {
    const { family } = ruleset;
    const [first = "eth0"] = this.names;
    for (const rule of chainRules(ruleset, "INPUT")) {
      const { destination, inInterface } = rule.header;
      const device = inInterface !== undefined && !inInterface.invert && this.names.has(inInterface.name) ? inInterface.name : first;
      if (single(destination, family)) this.own(device, family, destination.address, "a rule in INPUT names it");
    }
    for (const rule of chainRules(ruleset, "POSTROUTING")) {
      const action = rule.target?.action;
      if (action?.do !== "nat" || action.manip !== "source") continue;
      const out = rule.header.outInterface;
      const device = out !== undefined && !out.invert && this.names.has(out.name) ? out.name : first;
      if (action.address.from === "range") this.own(device, family, action.address.low, "packets get it as their source");
    }
  }

  /** `-s NETWORK -i IF` says that the network is behind the interface. */
  networksFromRules(ruleset: Ruleset): void {
    const { family } = ruleset;
    for (const { header, target } of rulesOf(ruleset)) {
      // A rule that drops a network on an interface says that it is not there.
      if (target?.action.do !== "accept" && target?.action.do !== "nat") continue;
      const { source, destination, inInterface, outInterface } = header;
      if (inInterface && !inInterface.wildcard && !inInterface.invert && source) this.behind(inInterface.name, family, source);
      if (outInterface && !outInterface.wildcard && !outInterface.invert && destination)
        this.behind(outInterface.name, family, destination);
    }
  }

  private behind(device: string, family: Family, test: AddressTest): void {
    const length = maskLength(test.mask);
    if (test.invert || length === undefined || length === 0 || !this.names.has(device) || test.name !== undefined) return;
    if (!ordinary(test.address) || this.owned.has(test.address)) return;
    const text =
      family === 4
        ? printPrefix({ family: 4, address: Number(test.address), mask: mask4(length) })
        : printPrefix({ family: 6, address: BigInt(test.address), mask: mask6(length) });
    this.route(device, family, test.address, length, `${text} is reached by ${device} (a rule names them together)`);
  }

  /** Where a machine has two interfaces, a server that packets from one are led to is behind the other, unless rules said where it is. */
  serversFromRules(ruleset: Ruleset): void {
    const { family } = ruleset;
    const [one, other, third] = this.names;
    if (one === undefined || other === undefined || third !== undefined) return;
    for (const { header, target } of chainRules(ruleset, "PREROUTING")) {
      const { inInterface } = header;
      const action = target?.action;
      if (action?.do !== "nat" || action.address.from !== "range" || !inInterface || inInterface.invert || inInterface.wildcard) continue;
      const { low, high } = action.address;
      const device = inInterface.name === one ? other : inInterface.name === other ? one : undefined;
      if (device === undefined || low !== high || !ordinary(low) || this.owned.has(low) || this.isRouted(family, low)) continue;
      this.route(
        device,
        family,
        low,
        FULL[family],
        `${printAddress(low)} is reached by ${device} (a rule leads there from ${inInterface.name})`,
      );
    }
  }

  private isRouted(family: Family, address: Scalar): boolean {
    for (let length = FULL[family]; length > 0; length--) {
      const network = typeof address === "bigint" ? address & mask6(length) : (address & mask4(length)) >>> 0;
      if (this.routed.has(`${family} ${network}/${length}`)) return true;
    }
    return false;
  }

  /** Everything else goes by the interface that translates sources, or by the one that packets leave by or came in on. */
  defaultRoutes(rulesets: readonly Ruleset[], passengers: readonly Passenger[]): void {
    for (const family of [4, 6] as const) {
      const spoken = rulesets.some(ruleset => ruleset.family === family) || passengers.some(passenger => passenger.family === family);
      if (!spoken) continue;
      const device = this.uplink(rulesets, passengers, family);
      this.families.add(family);
      this.route(device, family, family === 4 ? 0 : 0n, 0, `everything not named here is reached by ${device}`);
    }
  }

  private uplink(rulesets: readonly Ruleset[], passengers: readonly Passenger[], family: Family): string {
    for (const ruleset of rulesets) {
      if (ruleset.family !== family) continue;
      for (const { target, header } of chainRules(ruleset, "POSTROUTING")) {
        const out = header.outInterface;
        if (target?.action.do === "nat" && out !== undefined && !out.invert && this.names.has(out.name)) return out.name;
      }
    }
    const own = passengers.filter(passenger => passenger.family === family);
    const named = own.map(passenger => passenger.out).find(isWire) ?? own.map(passenger => passenger.in).find(isWire);
    return named ?? [...this.names][0] ?? "eth0";
  }

  /** A stand-in that no packet speaks of: one that a packet comes from would make that a martian. */
  private freeStandIn(family: Family, first: number): InterfaceAddress {
    let found = standIn(family, first);
    for (let tries = 0, count = first; tries < STAND_INS && this.isSpokenOf(found); tries++)
      found = standIn(family, (count += this.names.size));
    return found;
  }

  private isSpokenOf({ family, address }: InterfaceAddress): boolean {
    return this.owned.has(address) || this.routed.has(`${family} ${address}/${FULL[family]}`);
  }

  host(): Host {
    const interfaces: Interface[] = [LOOPBACK];
    for (const [index, name] of [...this.names].entries()) {
      const addresses = this.list(name);
      for (const family of this.families) {
        if (addresses.some(own => own.family === family)) continue;
        const invented = this.freeStandIn(family, index + 1);
        addresses.push(invented);
        this.say(`${name} has the address ${printAddress(invented.address)}`);
      }
      interfaces.push({ name, link: linkOf(name), mac: FIRST_MAC + index + 1, up: true, mtu: 1500, addresses });
    }
    this.say("forwarding is on");
    return { interfaces, routes: this.routes, rules: [], sysctls: FORWARDING, assumed: this.assumed };
  }
}

/** Longest name of an interface. */
const NAME_LIMIT = 15;

const FULL: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

const FORWARDING: ReadonlyMap<string, number> = new Map([
  ["net.ipv4.ip_forward", 1],
  ["net.ipv6.conf.all.forwarding", 1],
]);

const FIRST_MAC = 0x02_00_00_00_00_00;

/** How many addresses are tried. */
const STAND_INS = 250;

/** An address of the documentation ranges for an interface that nobody gave one, so that it can be a source. */
function standIn(family: Family, count: number): InterfaceAddress {
  if (family === 4) return { family, address: 0xc0000200 + (count & 0xff), prefixLength: 32 };
  return { family, address: (0x20010db8n << 96n) + BigInt(count), prefixLength: 128 };
}

/** Can it be one interface's address? Loopback, multicast and broadcast addresses need none. */
function ordinary(address: Scalar): boolean {
  return !isMulticast(address) && !isLoopback(address) && !isZeronet(address) && !isLimitedBroadcast(address);
}

function isWire(name: string | undefined): name is string {
  return name !== undefined && name !== "lo";
}

function* chainRules(ruleset: Ruleset, hook: Chain["hook"]): Generator<Rule> {
  for (const table of ruleset.tables.values()) for (const chain of table.chains.values()) if (chain.hook === hook) yield* chain.rules;
}

function single(test: AddressTest | undefined, family: Family): test is AddressTest {
  return test !== undefined && !test.invert && test.name === undefined && maskLength(test.mask) === (family === 4 ? 32 : 128);
}

/** Names of interfaces whose frames have no hardware addresses. */
function linkOf(name: string): Interface["link"] {
  return ["ppp", "tun", "wg", "sit", "gre", "ipsec", "vti"].some(start => name.startsWith(start)) ? "none" : "ethernet";
}
