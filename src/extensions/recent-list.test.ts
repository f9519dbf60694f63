import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseIpv4 } from "../packet/index.ts";
import { bareFacts, type Facts, type Field, type Value } from "../predicate/index.ts";
import { HZ, jiffies } from "./jiffies.ts";
import { RecentList, type RecentTest } from "./recent-list.ts";

const TICK = 1_000_000 / HZ;
const ASK: RecentTest = { mode: "rcheck", invert: false, seconds: 0, hitcount: 0, reap: false, rttl: false, side: "source" };

function packet(source: number, destination = 1, ttl = 64, oif = ""): Facts {
  const values: Partial<Record<Field, Value>> = { saddr: source, daddr: destination, ttl, oif, socket: 0 };
  return bareFacts(4, field => values[field]);
}

/** The kernel's list as it stands in xt_recent.c: a ring of stamps, its index, and a list in the order of last use. */
class Ring {
  entries: { key: number; ttl: number; stamps: number[]; index: number; nstamps: number }[] = [];
  readonly size: number;
  constructor(size: number) {
    this.size = size;
  }
  ask(asked: RecentTest, key: number, ttl: number, now: number): boolean {
    let ret = asked.invert;
    const wanted = asked.rttl ? ttl : 0;
    const e = this.entries.find(each => each.key === key && (wanted === each.ttl || wanted === 0 || each.ttl === 0));
    if (!e) {
      if (asked.mode !== "set") return ret;
      if (this.entries.length >= 100) this.entries.shift();
      this.entries.push({ key, ttl, stamps: [now], index: 1, nstamps: 1 });
      return !ret;
    }
    if (asked.mode === "set") ret = !ret;
    else if (asked.mode === "remove") {
      this.entries = this.entries.filter(each => each !== e);
      return !ret;
    } else {
      const time = now - asked.seconds * HZ;
      let hits = 0;
      for (let i = 0; i < e.nstamps; i++) {
        if (asked.seconds && (e.stamps[i] as number) < time) continue;
        if (!asked.hitcount || ++hits >= asked.hitcount) {
          ret = !ret;
          break;
        }
      }
      const oldest = this.entries[0];
      if (asked.reap && oldest && !(oldest === e && asked.mode === "update" && ret) && (oldest.stamps[oldest.index - 1] as number) < time)
        this.entries.shift();
    }
    if (asked.mode === "set" || (asked.mode === "update" && ret)) {
      e.index %= this.size;
      e.stamps[e.index++] = now;
      e.nstamps = Math.max(e.nstamps, e.index);
      e.ttl = ttl;
      this.entries = [...this.entries.filter(each => each !== e), e];
    }
    return ret;
  }
}

const anyTest = fc
  .record({
    mode: fc.constantFrom("set", "rcheck", "update", "remove"),
    invert: fc.boolean(),
    seconds: fc.constantFrom(0, 1, 2, 5),
    hitcount: fc.constantFrom(0, 1, 2, 3, 7, 8),
    reap: fc.boolean(),
    rttl: fc.boolean(),
    side: fc.constant("source"),
  } as const)
  .map((asked): RecentTest =>
    asked.mode === "set" || asked.mode === "remove"
      ? { ...asked, seconds: 0, hitcount: 0, reap: false, rttl: false }
      : { ...asked, reap: asked.reap && asked.seconds > 0 },
  );

test("answers as a ring of as many stamps as the greatest hitcount needs", () => {
  const step = fc.record({ asked: anyTest, source: fc.integer({ min: 1, max: 4 }), ttl: fc.constantFrom(64, 30), ticks: fc.nat(400) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const [list, ring] = [new RecentList(0xffffffff), new Ring(8)];
      let now = 0;
      for (const { asked, source, ttl, ticks } of steps) {
        now += ticks * TICK;
        expect(list.ask(asked, packet(source, 1, ttl), now) !== asked.invert).toBe(ring.ask(asked, source, ttl, jiffies(now)));
        expect(list.size).toBe(ring.entries.length);
      }
    }),
    { numRuns: 300 },
  );
});

test("holds 100 addresses and forgets the one that was seen longest ago", () => {
  const list = new RecentList(0xffffffff);
  for (let source = 0; source < 1000; source++) list.ask({ ...ASK, mode: "set" }, packet(source), source);
  expect(list.size).toBe(100);
  expect(list.ask(ASK, packet(899), 2000)).toBe(false);
  expect(list.ask(ASK, packet(900), 2000)).toBe(true);
});

test("the mask of the list's first rule counts, for either side", () => {
  const list = new RecentList(0xffffff00);
  list.ask({ ...ASK, mode: "set", side: "dest" }, packet(1, parseIpv4("192.0.2.1") ?? 0), 0);
  expect(list.ask(ASK, packet(parseIpv4("192.0.2.200") ?? 0), 0)).toBe(true);
  expect(list.ask(ASK, packet(parseIpv4("192.0.3.1") ?? 0), 0)).toBe(false);
});

test("a forwarded packet counts with the TTL that it came with", () => {
  const list = new RecentList(0xffffffff);
  list.ask({ ...ASK, mode: "set" }, packet(1, 1, 64), 0);
  expect(list.ask({ ...ASK, rttl: true }, packet(1, 1, 63, "eth1"), 0)).toBe(true);
  expect(list.ask({ ...ASK, rttl: true }, packet(1, 1, 63), 0)).toBe(false);
});

/** Rules in mangle FORWARD of Linux 6.18, each of which sets one bit when it matches: [source, destination, ttl, µs, bits] per packet. */
interface Measured {
  readonly rules: readonly string[];
  readonly packets: readonly (readonly [source: number, destination: number, ttl: number, now: number, bits: number])[];
}

/** Enough of a parser for the measured rules. */
function readRule(text: string): { readonly asked: RecentTest; readonly list: string; readonly mask: number } {
  const word = (name: string): string | undefined => new RegExp(`--${name} (\\S+)`).exec(text)?.[1];
  const mode = (["set", "rcheck", "update", "remove"] as const).find(each => text.includes(`--${each}`)) ?? "set";
  return {
    asked: {
      mode,
      invert: text.includes(`! --${mode}`),
      seconds: Number(word("seconds") ?? 0),
      hitcount: Number(word("hitcount") ?? 0),
      reap: text.includes("--reap"),
      rttl: text.includes("--rttl"),
      side: text.includes("--rdest") ? "dest" : "source",
    },
    list: word("name") ?? "",
    mask: parseIpv4(word("mask") ?? "255.255.255.255") ?? 0,
  };
}

const MEASURED = JSON.parse(readFileSync(new URL("./matches/recent-measured.json", import.meta.url), "utf8")) as readonly Measured[];

test.each(MEASURED)("Linux 6.18 agrees: $rules", ({ rules, packets }) => {
  const read = rules.map(readRule);
  const lists = new Map<string, RecentList>();
  for (const { list, mask } of read) if (!lists.has(list)) lists.set(list, new RecentList(mask));
  const start = 1_700_000_000_000_000;
  for (const [number, [source, destination, ttl, now, bits]] of packets.entries()) {
    const facts = packet(0xac100000 + source, 0xc6336400 + destination, ttl, "t1");
    let got = 0;
    for (const [i, { asked, list }] of read.entries()) {
      if (lists.get(list)?.ask(asked, facts, start + now) !== asked.invert) got |= 1 << i;
    }
    expect(`packet ${number}: ${got}`).toBe(`packet ${number}: ${bits}`);
  }
});

test.each([
  [[], 3, ["src=10.0.0.1 ttl: 64 last_seen: 3 oldest_pkt: 3 1, 2, 3"]],
  [[], 34, [`src=10.0.0.1 ttl: 64 last_seen: 34 oldest_pkt: 2 33, 34, ${Array.from({ length: 30 }, (_, i) => i + 3).join(", ")}`]],
  [
    [{ ...ASK, hitcount: 3 }],
    33,
    [`src=10.0.0.1 ttl: 64 last_seen: 33 oldest_pkt: 1 33, ${Array.from({ length: 31 }, (_, i) => i + 2).join(", ")}`],
  ],
  [
    [{ ...ASK, hitcount: 40 }],
    66,
    [`src=10.0.0.1 ttl: 64 last_seen: 66 oldest_pkt: 2 65, 66, ${Array.from({ length: 62 }, (_, i) => i + 3).join(", ")}`],
  ],
] as const)("a list is readable as in /proc/net/xt_recent: asked %j, seen %i times", (asked, times, expected) => {
  const list = new RecentList(0xffffffff);
  const seen = packet(parseIpv4("10.0.0.1") ?? 0);
  for (const test of asked) list.ask(test, seen, 0);
  for (let tick = 1; tick <= times; tick++) list.ask({ ...ASK, mode: "set" }, seen, tick * TICK);
  expect(list.lines()).toEqual(expected);
});

test("IPv6 addresses have all their digits there", () => {
  const list = new RecentList((1n << 128n) - 1n);
  const facts = bareFacts(6, field =>
    field === "saddr" ? 0x20010db8_00000000_00000000_00000009n : field === "ttl" ? 63 : field === "oif" ? "" : undefined,
  );
  list.ask({ ...ASK, mode: "set" }, facts, 5 * TICK);
  expect(list.lines()).toEqual(["src=2001:0db8:0000:0000:0000:0000:0000:0009 ttl: 63 last_seen: 5 oldest_pkt: 1 5"]);
});
