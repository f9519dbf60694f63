import fc from "fast-check";
import { expect, test } from "vitest";
import { bareFacts, bareStore, holds, type Field, type Value } from "../predicate/index.ts";
import { headerWords, lowerHeader } from "./header.ts";
import type { AddressTest, InterfaceTest, RuleHeader } from "./rule.ts";

const store = bareStore({ now: 0, random: () => 0 });
const moment = { now: 0, random: () => 0 };
const matches = (header: RuleHeader, family: 4 | 6, values: Partial<Record<Field, Value>>): boolean =>
  lowerHeader(header, family).every(({ predicate }) =>
    holds(
      predicate,
      bareFacts(family, field => values[field]),
      moment,
      store,
    ),
  );

const u32 = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 0xffffffff, 0xff00ff00, 0xffffff00));
const test4 = fc
  .tuple(u32, u32, fc.boolean())
  .map(([address, mask, invert]): AddressTest => ({ address: (address & mask) >>> 0, mask, invert }));
const u128 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const mask6 = fc.oneof(
  u128,
  fc.nat(128).map(length => (1n << 128n) - (1n << BigInt(128 - length))),
);
const test6 = fc
  .tuple(u128, mask6, fc.boolean())
  .map(([address, mask, invert]): AddressTest => ({ address: address & mask, mask, invert }));

test("an address test is (packet & mask) = address, inverted or not, holes or none", () => {
  fc.assert(
    fc.property(test4, fc.oneof(u32, fc.constant(undefined)), fc.boolean(), (source, random, near) => {
      const address = Number(source.address);
      const packet = random === undefined || near ? (address | (~Number(source.mask) & (random ?? 0))) >>> 0 : random;
      const expected = ((packet & Number(source.mask)) >>> 0 === address) !== source.invert;
      expect(matches({ source }, 4, { saddr: packet })).toBe(expected);
      expect(matches({ destination: source }, 4, { daddr: packet })).toBe(expected);
    }),
  );
  fc.assert(
    fc.property(test6, u128, fc.boolean(), (source, random, near) => {
      const [address, mask] = [BigInt(source.address), BigInt(source.mask)];
      const packet = near ? address | (random & ~mask & ((1n << 128n) - 1n)) : random;
      expect(matches({ source }, 6, { saddr: packet })).toBe(((packet & mask) === address) !== source.invert);
    }),
  );
});

test.each<[InterfaceTest, string, boolean]>([
  [{ name: "eth0", wildcard: false, invert: false }, "eth0", true],
  [{ name: "eth0", wildcard: false, invert: false }, "eth01", false],
  [{ name: "eth", wildcard: true, invert: false }, "eth01", true],
  [{ name: "eth", wildcard: true, invert: true }, "eth01", false],
  [{ name: "eth0", wildcard: false, invert: true }, "", true],
  [{ name: "", wildcard: true, invert: false }, "", true],
  [{ name: "", wildcard: true, invert: true }, "eth0", false],
])("%j on %j", (inInterface, iif, expected) => expect(matches({ inInterface }, 4, { iif })).toBe(expected));

test("-f means later fragments", () => {
  expect(matches({ fragment: { invert: false } }, 4, { fragoff: 1 })).toBe(true);
  expect(matches({ fragment: { invert: false } }, 4, { fragoff: 0 })).toBe(false);
  expect(matches({ fragment: { invert: true } }, 4, { fragoff: 0 })).toBe(true);
});

test("an IPv6 packet without a readable protocol is dropped by -p, a later fragment too", () => {
  const [condition] = lowerHeader({ protocol: { number: 6, invert: true } }, 6);
  const drops = (values: Partial<Record<Field, Value>>): boolean =>
    holds(
      condition?.hotdrop ?? expect.fail("no hotdrop"),
      bareFacts(6, field => values[field]),
      moment,
      store,
    );
  expect([drops({ fragoff: 0 }), drops({ fragoff: 1 }), drops({ fragoff: 0, protocol: 59 })]).toEqual([true, true, false]);
  expect(lowerHeader({ protocol: { number: 6, invert: true } }, 4)[0]?.hotdrop).toBeUndefined();
});

test("conditions come in the kernel's order with the words of iptables-save", () => {
  const header: RuleHeader = {
    fragment: { invert: true },
    protocol: { number: 47, invert: true },
    outInterface: { name: "wan", wildcard: false, invert: true },
    inInterface: { name: "lan", wildcard: true, invert: false },
    destination: { address: 0x0a000000, mask: 0xff0000ff, invert: true },
    source: { address: 0, mask: 0, invert: true },
  };
  const words = ["! -s 0.0.0.0/0", "! -d 10.0.0.0/255.0.0.255", "-i lan+", "! -o wan", "! -p gre", "! -f"];
  expect(headerWords(header)).toEqual(words);
  expect(lowerHeader(header, 4).map(({ text }) => text)).toEqual(words);
  expect(
    lowerHeader({ source: { address: 0, mask: 0, invert: false }, inInterface: { name: "", wildcard: true, invert: false } }, 4),
  ).toEqual([]);
});
