import { printAddress } from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { LOOPBACK, TABLE, type Host, type Interface, type InterfaceAddress, type Route } from "./host.ts";

/** A packet that is to be run: its addresses, and the interfaces that it is said to come in on and to leave by. */
export interface Passenger {
  readonly family: Family;
  readonly source: Scalar;
  readonly destination: Scalar;
  readonly in?: string | undefined;
  readonly out?: string | undefined;
}

/**
 * A machine for rules that came without one: the interfaces that rules and packets name; a packet with `in` alone is for this
 * machine, one with `out` alone is from it, one with both is forwarded. What else is reached by the first interface that fits.
 * Every such guess stands in `assumed`.
 */
export function assumeHost(rulesets: readonly (Ruleset | undefined)[], passengers: readonly Passenger[]): Host {
  const names = new Set<string>();
  for (const { in: input, out: output } of passengers) for (const name of [input, output]) if (name !== undefined && name !== "lo") names.add(name);
  for (const ruleset of rulesets) if (ruleset) for (const name of namedInterfaces(ruleset)) names.add(name);
  if (names.size === 0) names.add("eth0");
  const first = [...names][0] ?? "eth0";
  const draft = new Draft(names);
  for (const passenger of passengers) draft.admit(passenger, first);
  return draft.host(first);
}

/** Interfaces that rules name exactly. */
function* namedInterfaces({ tables }: Ruleset): Generator<string> {
  for (const { chains } of tables.values())
    for (const { rules } of chains.values())
      for (const { header } of rules)
        for (const test of [header.inInterface, header.outInterface]) if (test && !test.wildcard && test.name !== "lo" && test.name !== "") yield test.name;
}

const FULL: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

class Draft {
  private readonly addresses = new Map<string, InterfaceAddress[]>();
  private readonly routes = new Map<string, Route>();
  private readonly defaults = new Map<Family, string>();
  private readonly assumed: string[] = [];

  constructor(names: Iterable<string>) {
    for (const name of names) this.addresses.set(name, []);
  }

  /** Makes the machine one that the packet goes through as it says. */
  admit({ family, source, destination, in: input, out: output }: Passenger, first: string): void {
    if (input === "lo" || output === "lo") return;
    if (input !== undefined && output !== undefined) {
      this.reach(family, source, input);
      this.reach(family, destination, output);
      this.lead(family, output);
      return;
    }
    if (output !== undefined) {
      this.own(family, source, output);
      this.lead(family, output);
      return;
    }
    const device = input ?? first;
    if (input === undefined) this.say(`the packet comes in on ${device} and is for this host`);
    this.own(family, destination, device);
    this.reach(family, source, device);
    this.lead(family, device);
  }

  host(first: string): Host {
    const interfaces: Interface[] = [LOOPBACK];
    let count = 0;
    for (const [name, addresses] of this.addresses) {
      count++;
      for (const family of this.defaults.keys()) if (!addresses.some(address => address.family === family)) addresses.push(standIn(family, count));
      interfaces.push({ name, link: "ethernet", mac: FIRST_MAC + count, up: true, mtu: 1500, addresses });
    }
    const routes = [...this.routes.values()];
    for (const family of [4, 6] as const) {
      const device = this.defaults.get(family) ?? first;
      routes.push({ family, table: TABLE.MAIN, type: "unicast", destination: family === 4 ? 0 : 0n, prefixLength: 0, device, metric: 0 });
      if (this.defaults.has(family)) this.say(`everything not named here is reached by ${device}`);
    }
    this.say("forwarding is on");
    return { interfaces, routes, rules: [], sysctls: FORWARDING, assumed: this.assumed };
  }

  private own(family: Family, address: Scalar, device: string): void {
    const addresses = this.addresses.get(device);
    if (!addresses || isOwn(family, address) || [...this.addresses.values()].flat().some(each => each.address === address)) return;
    addresses.push({ family, address, prefixLength: FULL[family] });
    this.say(`${printAddress(address)} is this host's own, on ${device}`);
  }

  private reach(family: Family, destination: Scalar, device: string): void {
    const key = printAddress(destination);
    if (this.routes.has(key)) return;
    this.routes.set(key, { family, table: TABLE.MAIN, type: "unicast", destination, prefixLength: FULL[family], device, metric: 0 });
    this.say(`${key} is reached by ${device}`);
  }

  private lead(family: Family, device: string): void {
    if (!this.defaults.has(family)) this.defaults.set(family, device);
  }

  private say(sentence: string): void {
    if (!this.assumed.includes(sentence)) this.assumed.push(sentence);
  }
}

const FORWARDING: ReadonlyMap<string, number> = new Map([
  ["net.ipv4.ip_forward", 1],
  ["net.ipv6.conf.all.forwarding", 1],
]);

const FIRST_MAC = 0x02_00_00_00_00_00;

/** An address of the documentation ranges for an interface that nobody gave one, so that it can be a source. */
const standIn = (family: Family, count: number): InterfaceAddress =>
  family === 4 ? { family, address: 0xc0000200 + (count & 0xff), prefixLength: 32 } : { family, address: (0x20010db8n << 96n) + BigInt(count), prefixLength: 128 };

/** Loopback, multicast and broadcast addresses need no interface. */
function isOwn(family: Family, address: Scalar): boolean {
  if (family === 6) return BigInt(address) >> 120n === 0xffn || address === 1n;
  const top = Number(address) >>> 24;
  return top === 127 || top >= 224;
}
