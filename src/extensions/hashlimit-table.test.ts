import fc from "fast-check";
import { expect, test } from "vitest";
import { bareFacts, type Facts, type Field, type Value } from "../predicate/index.ts";
import type { HashlimitRule } from "./hashlimit-bucket.ts";
import { HashlimitTable } from "./hashlimit-table.ts";
import { HZ } from "./jiffies.ts";

const TICK = 1_000_000 / HZ;
const RULE: HashlimitRule = {
  average: 200_000n,
  burst: 3n,
  bytes: false,
  rateMatch: false,
  interval: 0,
  size: 0,
  max: 0,
  gcInterval: 1000,
  expire: 1000,
  srcip: true,
  srcport: false,
  dstip: false,
  dstport: false,
  srcmask: 32,
  dstmask: 32,
};

function packet(source: number, more: Partial<Record<Field, Value>> = {}, bytes = new Uint8Array(28)): Facts {
  const values: Partial<Record<Field, Value>> = { saddr: source, daddr: 1, protocol: 17, fragoff: 0, length: bytes.length, ...more };
  return { ...bareFacts(4, field => values[field]), bytes, l4: 20, end: bytes.length };
}

/** Whether packets of one source pass at these ticks. */
function passes(rule: Partial<HashlimitRule>, ticks: readonly number[], length = 28): string {
  const own = { ...RULE, ...rule };
  const table = new HashlimitTable(own, 0);
  return ticks.map(tick => (table.admit(packet(7), tick * TICK) ? (table.take(own, length) ? "y" : "n") : "drop")).join("");
}

test.each([
  ["5/s, burst 3", {}, [0, 0, 0, 0, 49, 50, 50, 150], "yyynnyny"],
  ["an entry that expired starts anew", { average: 60_000_000n, expire: 100 }, [0, 0, 0, 0, 249, 274, 505], "yyynnny"],
  ["a clock that runs backwards refills nothing", {}, [1000, 1000, 1000, 1000, 0, 500, 1000, 1049, 1050], "yyynnnnny"],
  [
    "a rate that is compared over a second",
    { rateMatch: true, interval: 1, expire: 1e9 },
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 250, 600],
    "yyyyyyyynny",
  ],
] as const)("%s", (_, rule, ticks, expected) => expect(passes(rule, ticks)).toBe(expected));

test("a credit that waits for 37 hours wraps at 64 bits, as in the kernel", () => {
  const wrap = 2 ** 25;
  const day = { average: 86_400_000_000n, burst: 1n, expire: 1e9, gcInterval: 1e9 };
  expect(passes(day, [0, 86_400 * HZ - 1, 86_400 * HZ])).toBe("yny");
  expect(passes(day, [0, wrap])).toBe("yn");
});

test("bytes: sixteen of them are paid for together, and the burst refills the credit", () => {
  // 1 kb/s: a packet of 1024 bytes costs about a second.
  const kilobyte = { average: 0xffffffffn / 65n, bytes: true, burst: 0n };
  expect(passes(kilobyte, [0, 0, 125, 250], 512)).toBe("ynyy");
  expect(passes({ ...kilobyte, burst: 2n }, [0, 0, 0, 0, 0, 0], 512)).toBe("yyynnn");
});

test("a full table drops what is new and serves what it has", () => {
  const table = new HashlimitTable({ ...RULE, size: 1, max: 2 }, 0);
  expect([1, 2, 3, 1, 2].map(source => table.admit(packet(source), 0))).toEqual([true, true, false, true, true]);
  expect(table.size).toBe(2);
});

test("fault 39: of a million sources a table without numbers keeps 65,536, and the next million after they expired", () => {
  const table = new HashlimitTable(RULE, 0);
  const facts = packet(0);
  let source = 0;
  const flood = { ...facts, value: (field: Field) => (field === "saddr" ? source : facts.value(field)) };
  for (const start of [0, 10_000_000]) {
    let admitted = 0;
    for (let i = 0; i < 1_000_000; i++) {
      source++;
      if (table.admit(flood, start)) admitted++;
    }
    expect([admitted, table.size]).toEqual([65_536, 65_536]);
  }
});

test.each([
  ["ports are read", 17, 0, 28, true],
  ["and in later fragments too", 17, 100, 28, true],
  ["a header that is cut drops the packet", 17, 0, 23, false],
  ["AH has its ports behind four bytes", 51, 0, 27, false],
  ["ICMP has none", 1, 0, 20, true],
] as const)("%s", (_, protocol, fragoff, length, admitted) => {
  const table = new HashlimitTable({ ...RULE, srcport: true }, 0);
  expect(table.admit(packet(1, { protocol, fragoff }, new Uint8Array(length)), 0)).toBe(admitted);
});

test("never more packets than the burst and what the rate has given since", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.nat(50), { maxLength: 100 }),
      (rate, burst, steps) => {
        const rule = { ...RULE, average: 1_000_000n / BigInt(rate), burst: BigInt(burst), expire: 1e9, gcInterval: 1e9 };
        const table = new HashlimitTable(rule, 0);
        let ticks = 0;
        let passed = 0;
        for (const step of steps) {
          ticks += step;
          table.admit(packet(1), ticks * TICK);
          if (table.take(rule, 28)) passed++;
        }
        expect(passed).toBeLessThanOrEqual(burst + (ticks / HZ) * (1_000_000 / Number(rule.average)) + 1e-3);
      },
    ),
  );
});
