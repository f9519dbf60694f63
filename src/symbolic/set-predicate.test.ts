import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "../packet/index.ts";
import {
  bareStore,
  holds,
  NO_CONNECTIONS,
  type Facts,
  type Family,
  type Field,
  type Scalar,
  type SetEnd,
  type SetTest,
  type Value,
} from "../predicate/index.ts";
import { SET_TYPES, Sets, type CreateRequest, type EntryRequest, type SetType } from "../ruleset/index.ts";
import { setPredicate } from "./set-predicate.ts";

/** µs */
const NOW = 1_700_000_000_000_000;
const MOMENT = { now: NOW, random: () => 0 };

/** Nothing of what predicates say of sets needs a state. */
const STORE = bareStore(MOMENT);

/** Addresses few enough to meet: of two networks, one inside the other's. */
const ADDRESSES: Readonly<Record<Family, readonly Scalar[]>> = {
  4: ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.1.1", "10.1.0.1", "192.0.2.1"].map(text => parseAddress(text) as Scalar),
  6: ["2001:db8::", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "2001:db9::1"].map(text => parseAddress(text) as Scalar),
};
const LENGTHS: Readonly<Record<Family, readonly number[]>> = { 4: [8, 16, 24, 31, 32], 6: [16, 32, 48, 64, 128] };
const PORTS = [0, 80, 443, 0x0800];
/** Not the other family's ICMP, of which sets read type and code though packets have none. */
const PROTOCOLS: Readonly<Record<Family, readonly number[]>> = { 4: [1, 6, 17, 33, 47, 132, 136], 6: [58, 6, 17, 33, 47, 59, 132, 136] };
const INTERFACES = ["eth0", "eth1", "eth", "lan0"];
const MACS = [0x020000000001, 0x020000000002];
const MARKS = [0, 1, 2, 0x101];

const end: fc.Arbitrary<SetEnd> = fc.constantFrom("src", "dst");

function entry(family: Family): fc.Arbitrary<EntryRequest> {
  return fc.record(
    {
      ip: fc.constantFrom(...ADDRESSES[family]),
      cidr: fc.constantFrom(...LENGTHS[family]),
      ip2: fc.constantFrom(...ADDRESSES[family]),
      cidr2: fc.constantFrom(...LENGTHS[family]),
      protocol: fc.constantFrom(...PROTOCOLS[family]),
      port: fc.constantFrom(...PORTS),
      mac: fc.constantFrom(...MACS),
      mark: fc.constantFrom(...MARKS),
      iface: fc.constantFrom(...INTERFACES),
      physdev: fc.constantFrom(false, false, true),
      wildcard: fc.boolean(),
      nomatch: fc.boolean(),
    },
    { requiredKeys: ["ip", "ip2", "protocol", "port", "mac", "mark", "iface"] },
  );
}

interface Drawn {
  readonly family: Family;
  readonly saddr: Scalar;
  readonly daddr: Scalar;
  readonly protocol: number;
  readonly ports: readonly [number, number];
  readonly mac: number | undefined;
  readonly mark: number;
  readonly iif: string;
  readonly oif: string;
}

function drawn(family: Family): fc.Arbitrary<Drawn> {
  return fc.record({
    family: fc.constant(family),
    saddr: fc.constantFrom(...ADDRESSES[family]),
    daddr: fc.constantFrom(...ADDRESSES[family]),
    protocol: fc.constantFrom(...PROTOCOLS[family]),
    ports: fc.tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS)),
    mac: fc.constantFrom(undefined, ...MACS),
    mark: fc.constantFrom(...MARKS),
    iif: fc.constantFrom("", ...INTERFACES),
    oif: fc.constantFrom("", ...INTERFACES),
  });
}

/** A whole packet, as fields and as the bytes that sets read ports from. */
function facts({ family, protocol, ports, ...fields }: Drawn): Facts {
  const bytes = new Uint8Array(60);
  bytes.set([ports[0] >> 8, ports[0] & 255, ports[1] >> 8, ports[1] & 255], 40);
  const icmp = protocol === (family === 4 ? 1 : 58);
  const ported = [6, 17, 33, 132, 136].includes(protocol);
  const all: Partial<Record<Field, Value>> = {
    ...fields,
    protocol,
    fragoff: 0,
    length: 60,
    ...(ported && { sport: ports[0], dport: ports[1] }),
    ...(icmp && { icmptype: ports[0] >> 8, icmpcode: ports[0] & 255 }),
  };
  return {
    family,
    value: field => all[field],
    bytes,
    l4: 40,
    end: 60,
    connections: NO_CONNECTIONS,
    securityPath: () => [],
    setLabel: () => false,
    setMark: () => false,
  };
}

/** What sets can be made with. */
function create(type: SetType, family: Family): fc.Arbitrary<CreateRequest> {
  const bitmap: CreateRequest = type.parts[0] === "port" ? { portFrom: 0, portTo: 0xffff } : { from: 0x0a000000, cidr: 16 };
  const prefix = fc.record({ netmask: fc.constantFrom(...LENGTHS[family].filter(length => length > 16)) });
  const mask = fc.record({ bitmask: fc.constant(family === 4 ? 0xff0000ff : (0xffffffffn << 96n) | 0xffffn) });
  if (type.method === "bitmap")
    return type.netmask ? fc.oneof(fc.constant(bitmap), fc.constant({ ...bitmap, netmask: 24 })) : fc.constant(bitmap);
  const plain: fc.Arbitrary<CreateRequest> = fc.constant({ family });
  if (type.parts.includes("mark")) return fc.constantFrom({ family }, { family, markmask: 0xff });
  return type.netmask ? fc.oneof(plain, prefix, mask).map(options => ({ family, ...options })) : plain;
}

const HASHED = SET_TYPES.filter(({ method }) => method !== "list");

test.each(HASHED.map(type => [type.name, type] as const))("%s: the predicate says what the set says", (name, type) => {
  const families: readonly Family[] = type.families.length === 0 ? [4, 6] : type.families;
  let [found, sure] = [0, 0];
  for (const family of families)
    fc.assert(
      fc.property(
        create(type, family),
        fc.array(entry(family), { minLength: 1, maxLength: 8 }),
        fc.array(drawn(family), { minLength: 10, maxLength: 10 }),
        fc.array(end, { minLength: 3, maxLength: 3 }),
        fc.boolean(),
        (made, entries, packets, dimensions, returnNomatch) => {
          const sets = new Sets();
          expect(sets.create("s", name, made, false)).toBeUndefined();
          for (const { physdev, cidr, cidr2, ...each } of entries) {
            // What a type refuses leaves the set as it is. Of single addresses a length would mean all of a network.
            const one = {
              ...each,
              ...(type.parts[0] === "net" && cidr && { cidr }),
              ...(type.parts.includes("net") && cidr2 && { cidr2 }),
            };
            sets.get("s")?.add({ ...one, ...(physdev === true && { physdev }) }, true, NOW);
          }
          const asked: SetTest = { set: "s", dimensions, returnNomatch, updateCounters: false, updateSubcounters: false };
          const predicate = setPredicate(asked, sets, family, NOW);
          if (predicate === undefined) return;
          sure++;
          for (const packet of packets) {
            const expected = sets.member(asked, facts(packet), MOMENT);
            if (expected) found++;
            expect(holds(predicate, facts(packet), MOMENT, STORE)).toBe(expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  expect(sure).toBeGreaterThan(100);
  expect(found).toBeGreaterThan(5);
});

test("an address that waits for a hardware address is left open: the first packet brings it", () => {
  const sets = new Sets();
  sets.create("s", "bitmap:ip,mac", { from: 0x0a000000, cidr: 16 }, false);
  const asked: SetTest = { set: "s", dimensions: ["src", "src"], returnNomatch: false, updateCounters: false, updateSubcounters: false };
  sets.get("s")?.add({ ip: 0x0a000001, mac: 0x020000000001 }, true, NOW);
  expect(setPredicate(asked, sets, 4, NOW)).toBeDefined();
  sets.get("s")?.add({ ip: 0x0a000002 }, true, NOW);
  expect(setPredicate(asked, sets, 4, NOW)).toBeUndefined();
});
