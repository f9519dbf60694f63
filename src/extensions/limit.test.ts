import fc from "fast-check";
import { expect, test } from "vitest";
import { bareFacts, type Moment, type Opaque } from "../predicate/index.ts";
import { bindMatch, type PlaceContext } from "../xtables/index.ts";
import { HZ } from "./jiffies.ts";
import { limit } from "./matches/limit.ts";

const TICK = 1_000_000 / HZ;
const FACTS = bareFacts(4);
const PLACE: PlaceContext = {
  family: 4,
  table: "filter",
  protocol: 0,
  protocolName: "all",
  protocolInverted: false,
  inInterface: "",
  outInterface: "",
  matches: ["limit"],
  hooks: new Set(["INPUT"]),
};
const names = { user: () => undefined, group: () => undefined, service: () => undefined, serviceName: () => undefined };

/** A bucket that was made at time 0; asks whether a packet matches at a time in ticks. */
function bucket(rate: string, burst: number): (ticks: number) => boolean {
  const given = [
    { option: "limit", text: rate, invert: false },
    { option: "limit-burst", text: `${burst}`, invert: false },
  ];
  const { lowered } = bindMatch(limit, given, PLACE, { family: 4, protocol: "all", names, warn: () => undefined });
  if (lowered.predicate.is !== "opaque") throw new Error("limit lowers to an opaque");
  const { opaque }: { readonly opaque: Opaque } = lowered.predicate;
  const at = (ticks: number): Moment => ({ now: ticks * TICK, random: () => 0 });
  const state = opaque.start(at(0));
  return ticks => opaque.step(state, FACTS, at(ticks));
}

test.each([
  ["5/sec", 3, [0, 0, 0, 0], "yyyn"],
  ["5/sec", 1, [0, 49, 50, 99, 100], "ynyny"],
  ["10/sec", 2, [0, 0, 25, 49, 50, 50, 75, 1000, 1000, 1000], "yyynynyyyn"],
  ["1000/sec", 1, [0, 0, 1, 1, 2], "ynyny"],
  ["1/hour", 1, [0, 3600 * HZ - 1, 3600 * HZ], "yny"],
] as const)("%s burst %i at ticks %j: %s", (rate, burst, ticks, expected) => {
  const matches = bucket(rate, burst);
  expect(ticks.map(tick => (matches(tick) ? "y" : "n")).join("")).toBe(expected);
});

test("credit that waits for 37 hours wraps at 32 bits, as in the kernel", () => {
  const wrap = 2 ** 32 / 128;
  const matches = bucket("1/hour", 1);
  expect(matches(0)).toBe(true);
  expect(matches(wrap)).toBe(false);
  expect(matches(wrap + 3600 * HZ)).toBe(true);
});

test("never more than the burst and what the rate has given since", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.nat(50), { maxLength: 100 }),
      (rate, burst, steps) => {
        const matches = bucket(`${rate}/sec`, burst);
        let now = 0;
        let matched = 0;
        for (const ticks of steps) {
          now += ticks;
          if (matches(now)) matched++;
        }
        // The time between two packets is kept in ten-thousandths of a second, rounded down.
        const period = Math.floor(10_000 / rate) / 10_000;
        expect(matched).toBeLessThanOrEqual(burst + now / HZ / period + 1e-6);
      },
    ),
  );
});
