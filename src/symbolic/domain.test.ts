import fc from "fast-check";
import { expect, test } from "vitest";
import { after, afterName, afterPrefix, Domain } from "./domain.ts";

test("ranks keep the order and find their own bounds", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), fc.nat(1000), fc.boolean(), (cuts, value, optional) => {
      const domain = new Domain(0, 1000, optional, cuts);
      const rank = domain.rankOf(value);
      const [low, high] = domain.rangeOf(rank) as [number, number];
      expect(low <= value && value <= high).toBe(true);
      expect(cuts.every(cut => cut <= low || cut > high)).toBe(true);
      expect(domain.rankOf(undefined)).toBe(0);
      expect(domain.isAbsent(0)).toBe(optional);
    }),
  );
});

test("wide numbers and names have ranks too", () => {
  const wide = new Domain(0n, (1n << 128n) - 1n, false, [1n << 96n, after(1n << 96n)]);
  expect([0n, 1n << 96n, (1n << 96n) + 1n].map(value => wide.rankOf(value))).toEqual([0, 1, 2]);
  const names = new Domain("", undefined, false, ["eth", afterPrefix("eth") as string, "eth0", afterName("eth0"), "lo", afterName("lo")]);
  const rank = (name: string): number => names.rankOf(name);
  expect(rank("eth0")).not.toBe(rank("eth1"));
  expect(rank("eth1")).toBe(rank("ethernet"));
  expect(rank("ets")).not.toBe(rank("eth1"));
  expect(rank("lo")).not.toBe(rank("lo0"));
});
