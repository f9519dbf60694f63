import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../packet/index.ts";
import { NO_CONNECTIONS, type Facts, type Field, type SetEnd, type SetTest, type Value } from "../../predicate/index.ts";
import type { CreateRequest, EntryRequest } from "./request.ts";
import { Sets } from "./sets.ts";

const SECOND = 1_000_000;
const NOW = 1_700_000_000 * SECOND;
const moment = (seconds = 0): { now: number; random: () => number } => ({ now: NOW + seconds * SECOND, random: () => 0 });

/** A packet as sets see it. Ports stand in the first bytes of the transport header. */
function packet(values: Partial<Record<Field, Value>>, ports: readonly [number, number] = [0, 0], headerBytes = 20): Facts {
  const bytes = new Uint8Array(20 + headerBytes);
  bytes.set([ports[0] >> 8, ports[0] & 255, ports[1] >> 8, ports[1] & 255], 20);
  const all: Partial<Record<Field, Value>> = { protocol: 6, fragoff: 0, length: 40, iif: "", oif: "", mark: 0, ...values };
  return {
    family: typeof all.saddr === "bigint" ? 6 : 4,
    value: field => all[field],
    bytes,
    l4: 20,
    end: bytes.length,
    connections: NO_CONNECTIONS,
    securityPath: () => [],
    setLabel: () => false,
    setMark: () => false,
  };
}

const from = (
  source: string,
  destination = "192.0.2.1",
  more: Partial<Record<Field, Value>> = {},
  ports?: readonly [number, number],
): Facts => packet({ saddr: parseAddress(source), daddr: parseAddress(destination), ...more }, ports);

const ask = (set: string, dimensions: readonly SetEnd[], more: Partial<SetTest> = {}): SetTest => ({
  set,
  dimensions,
  returnNomatch: false,
  updateCounters: true,
  updateSubcounters: true,
  ...more,
});

function made(type: string, create: CreateRequest, ...entries: EntryRequest[]): Sets {
  const sets = new Sets();
  expect(sets.create("s", type, create, false)).toBeUndefined();
  for (const entry of entries) expect(sets.get("s")?.add(entry, false, NOW)).toBeUndefined();
  return sets;
}

const ip = (text: string): number => parseAddress(text) as number;
const keys = (sets: Sets, name = "s", seconds = 0): unknown[] =>
  [...(sets.get(name)?.entries(NOW + seconds * SECOND) ?? [])].map(({ element }) => element);

describe("packets", () => {
  const check = (sets: Sets, dimensions: readonly SetEnd[], facts: Facts, expected: boolean, more: Partial<SetTest> = {}): void =>
    expect(sets.member(ask("s", dimensions, more), facts, moment())).toBe(expected);

  test("too few ends, the other family, no such set: not in it", () => {
    const sets = made("hash:ip,port", {}, { ip: ip("10.0.0.1"), protocol: 6, port: 80 });
    const facts = from("10.0.0.1", "10.0.0.9", {}, [1000, 80]);
    check(sets, ["src", "dst"], facts, true);
    check(sets, ["src"], facts, false);
    check(sets, ["src", "dst", "dst"], facts, true);
    check(sets, ["src", "dst"], from("2001:db8::1", "2001:db8::2"), false);
    check(sets, ["src", "dst"], facts, false, { set: "other" });
  });

  test.each<[string, Partial<Record<Field, Value>>, number, EntryRequest, boolean]>([
    ["tcp", {}, 20, { protocol: 6, port: 80 }, true],
    ["another protocol with ports", { protocol: 17 }, 8, { protocol: 6, port: 80 }, false],
    ["icmp type and code for a port", { protocol: 1 }, 8, { protocol: 1, port: 0x3e8 }, true],
    ["a protocol without ports has port 0", { protocol: 47 }, 4, { protocol: 47, port: 0 }, true],
    ["a later fragment has no port", { fragoff: 10 }, 20, { protocol: 6, port: 0 }, false],
    ["but one of another protocol has 0", { protocol: 47, fragoff: 10 }, 20, { protocol: 47, port: 0 }, true],
    ["a header that is cut short", {}, 19, { protocol: 6, port: 80 }, false],
  ])("ports: %s", (_, values, bytes, entry, expected) => {
    const sets = made("hash:ip,port", {}, { ip: ip("10.0.0.1"), ...entry });
    check(sets, ["src", "dst"], packet({ saddr: ip("10.0.0.1"), daddr: 1, ...values }, [0x3e8, 80], bytes), expected);
  });

  test("bitmap:port takes TCP and UDP only", () => {
    const sets = made("bitmap:port", { portFrom: 1, portTo: 100 }, { port: 80 });
    for (const [protocol, expected] of [
      [6, true],
      [17, true],
      [132, false],
    ] as const)
      check(sets, ["dst"], from("10.0.0.1", "10.0.0.2", { protocol }, [9, 80]), expected);
    check(sets, ["src"], from("10.0.0.1", "10.0.0.2", {}, [9, 80]), false);
  });

  test("nomatch: the longest prefix decides, and --return-nomatch turns it round", () => {
    const sets = made("hash:net", {}, { ip: ip("10.0.0.0"), cidr: 8 }, { ip: ip("10.1.0.0"), cidr: 16, nomatch: true });
    for (const [source, plain, turned] of [
      ["10.2.0.1", true, false],
      ["10.1.0.1", false, true],
      ["11.0.0.1", false, false],
    ] as const) {
      check(sets, ["src"], from(source), plain);
      check(sets, ["src"], from(source), turned, { returnNomatch: true });
    }
  });

  test("a network with the wrong interface hides shorter prefixes", () => {
    const sets = made(
      "hash:net,iface",
      {},
      { ip: ip("10.0.0.0"), cidr: 8, iface: "eth0" },
      { ip: ip("10.1.0.0"), cidr: 16, iface: "eth1" },
      { ip: ip("10.2.0.0"), cidr: 16, iface: "eth", wildcard: true },
    );
    check(sets, ["src", "src"], from("10.9.0.1", "1.1.1.1", { iif: "eth0" }), true);
    check(sets, ["src", "src"], from("10.1.0.1", "1.1.1.1", { iif: "eth0" }), false);
    check(sets, ["src", "src"], from("10.1.0.1", "1.1.1.1", { iif: "eth1" }), true);
    check(sets, ["src", "src"], from("10.2.0.1", "1.1.1.1", { iif: "eth77" }), true);
    check(sets, ["src", "dst"], from("10.9.0.1", "1.1.1.1", { iif: "eth0" }), false);
    check(sets, ["src", "dst"], from("10.9.0.1", "1.1.1.1", { oif: "eth0" }), true);
  });

  test("hardware addresses: only the sender's is known", () => {
    const sets = made("hash:mac", {}, { mac: 0x020000000001 });
    check(sets, ["src"], from("10.0.0.1", "10.0.0.2", { mac: 0x020000000001 }), true);
    check(sets, ["dst"], from("10.0.0.1", "10.0.0.2", { mac: 0x020000000001 }), false);
    check(sets, ["src"], from("10.0.0.1"), false);
    const pairs = made("hash:ip,mac", {}, { ip: ip("10.0.0.1"), mac: 1 });
    check(pairs, ["src", "src"], from("10.0.0.1", "10.0.0.2", { mac: 1 }), true);
    check(pairs, ["src", "src"], from("10.0.0.1", "10.0.0.2", { mac: 2 }), false);
  });

  test("marks are masked on both sides", () => {
    const sets = made("hash:ip,mark", { markmask: 0xff00 }, { ip: ip("10.0.0.1"), mark: 0x1234 });
    check(sets, ["src", "dst"], from("10.0.0.1", "10.0.0.2", { mark: 0x12ff }), true);
    check(sets, ["src", "dst"], from("10.0.0.1", "10.0.0.2", { mark: 0x13ff }), false);
  });

  test("two nets: the first has precedence, both may be any length", () => {
    const sets = made(
      "hash:net,net",
      {},
      { ip: ip("10.0.0.0"), cidr: 8, ip2: ip("192.0.2.0"), cidr2: 24 },
      { ip: ip("10.1.0.0"), cidr: 16, ip2: ip("192.0.2.128"), cidr2: 25, nomatch: true },
    );
    check(sets, ["src", "dst"], from("10.2.0.1", "192.0.2.200"), true);
    check(sets, ["src", "dst"], from("10.1.0.1", "192.0.2.200"), false);
    check(sets, ["src", "dst"], from("10.1.0.1", "192.0.2.1"), true);
    check(sets, ["dst", "src"], from("10.1.0.1", "192.0.2.1"), false);
  });

  test("the whole address space is a prefix where the type allows it", () => {
    const sets = made("hash:net,port,net", {}, { ip: 0, cidr: 0, ip2: 0, cidr2: 0, protocol: 6, port: 80 });
    check(sets, ["src", "dst", "dst"], from("10.2.0.1", "192.0.2.200", {}, [1, 80]), true);
    check(sets, ["src", "src", "dst"], from("10.2.0.1", "192.0.2.200", {}, [1, 80]), false);
  });

  test("counters: counted first, then compared; skipped when the rule says so", () => {
    const sets = made("hash:ip", { counters: true }, { ip: ip("10.0.0.1"), packets: 5n, bytes: 100n });
    const facts = from("10.0.0.1", "10.0.0.2", { length: 60 });
    const counters = (): unknown => [...(sets.get("s")?.entries(NOW) ?? [])].map(({ extras: { packets, bytes } }) => [packets, bytes]);
    check(sets, ["src"], facts, true, { packets: { op: "equal", value: 6n } });
    expect(counters()).toEqual([[6n, 160n]]);
    check(sets, ["src"], facts, false, { packets: { op: "equal", value: 6n } });
    expect(counters()).toEqual([[7n, 220n]]);
    check(sets, ["src"], facts, true, { updateCounters: false, bytes: { op: "greater", value: 219n }, packets: { op: "less", value: 8n } });
    check(sets, ["src"], facts, false, { updateCounters: false, packets: { op: "unequal", value: 7n } });
    expect(counters()).toEqual([[7n, 220n]]);
    const plain = made("hash:ip", {}, { ip: ip("10.0.0.1") });
    expect(plain.member(ask("s", ["src"], { packets: { op: "equal", value: 99n } }), facts, moment())).toBe(true);
  });
});

describe("time", () => {
  test("an entry goes when its seconds are over, 0 never", () => {
    const sets = made(
      "hash:ip",
      { timeout: 10 },
      { ip: ip("10.0.0.1") },
      { ip: ip("10.0.0.2"), timeout: 0 },
      { ip: ip("10.0.0.3"), timeout: 3 },
    );
    const there = (seconds: number): number => keys(sets, "s", seconds).length;
    expect([0, 3, 4, 10, 11, 1e6].map(there)).toEqual([3, 3, 2, 2, 1, 1]);
    expect(sets.member(ask("s", ["src"]), from("10.0.0.3"), moment(4))).toBe(false);
    expect(sets.get("s")?.add({ ip: ip("10.0.0.3") }, false, NOW + 4 * SECOND)).toBeUndefined();
    expect(sets.member(ask("s", ["src"]), from("10.0.0.3"), moment(4))).toBe(true);
  });

  test("a full set takes new entries when old ones have expired", () => {
    const sets = made("hash:ip", { timeout: 10, maxelem: 2 }, { ip: 1 }, { ip: 2 });
    expect(sets.get("s")?.add({ ip: 3 }, false, NOW)).toBe("hash full");
    expect(sets.get("s")?.add({ ip: 3 }, false, NOW + 11 * SECOND)).toBeUndefined();
    expect(keys(sets, "s", 11)).toEqual([{ ip: 3 }]);
  });

  test("a pair's timeout starts when its MAC is known", () => {
    const sets = made("bitmap:ip,mac", { from: ip("10.0.0.0"), to: ip("10.0.0.9"), timeout: 5 }, { ip: ip("10.0.0.1") });
    expect(keys(sets, "s", 100)).toHaveLength(1);
    expect(sets.member(ask("s", ["src", "src"]), from("10.0.0.1", "1.1.1.1", { mac: 7 }), moment(100))).toBe(true);
    expect(keys(sets, "s", 100)).toEqual([{ ip: ip("10.0.0.1"), mac: 7 }]);
    expect(sets.member(ask("s", ["src", "src"]), from("10.0.0.1", "1.1.1.1", { mac: 8 }), moment(100))).toBe(false);
    expect(keys(sets, "s", 106)).toHaveLength(0);
  });
});

describe("the SET target", () => {
  const change = (sets: Sets, action: Parameters<Sets["change"]>[0], facts: Facts, seconds = 0): ReturnType<Sets["change"]> =>
    sets.change(action, facts, moment(seconds));
  const ends = { set: "s", dimensions: ["src"] as const };

  test("adds with the longest prefix that the set has, and counts the packet", () => {
    const sets = made("hash:net", { counters: true }, { ip: ip("192.0.2.0"), cidr: 24 }, { ip: ip("10.0.0.0"), cidr: 8 });
    change(sets, { do: "sets", add: { ...ends, renew: false } }, from("172.16.5.9", "1.1.1.1", { length: 77 }));
    const [added] = [...(sets.get("s")?.entries(NOW) ?? [])].filter(({ element }) => element.ip === ip("172.16.5.0"));
    expect([added?.element.cidr, added?.extras.packets, added?.extras.bytes]).toEqual([24, 1n, 77n]);
  });

  test("renews a timeout only with --exist", () => {
    const sets = made("hash:ip", { timeout: 10 });
    const add = { do: "sets", add: { ...ends, renew: false, timeout: 20 } } as const;
    change(sets, add, from("10.0.0.1"));
    change(sets, add, from("10.0.0.1"), 15);
    expect(keys(sets, "s", 25)).toHaveLength(0);
    change(sets, add, from("10.0.0.1"), 30);
    change(sets, { do: "sets", add: { ...add.add, renew: true } }, from("10.0.0.1"), 45);
    expect(keys(sets, "s", 60)).toHaveLength(1);
  });

  test("maps mark, priority and queue; a set without them gives zeros", () => {
    const sets = made(
      "hash:ip",
      { skbinfo: true },
      { ip: ip("10.0.0.1"), skbMark: { mark: 5, mask: 0xff }, skbPriority: 0x10002, skbQueue: 3 },
    );
    const map = { ...ends, mark: true, priority: true, queue: false };
    expect(change(sets, { do: "sets", map }, from("10.0.0.1"))).toEqual({
      mark: { value: 5, mask: 0xff },
      priority: 0x10002,
      queue: undefined,
    });
    expect(change(sets, { do: "sets", map }, from("10.0.0.2"))).toEqual({});
    const plain = made("hash:ip", {}, { ip: ip("10.0.0.1") });
    expect(change(plain, { do: "sets", map }, from("10.0.0.1"))).toEqual({ mark: { value: 0, mask: 0 }, priority: 0, queue: undefined });
  });

  test("removes", () => {
    const sets = made("hash:ip", {}, { ip: ip("10.0.0.1") });
    change(sets, { do: "sets", remove: ends }, from("10.0.0.1"));
    expect(keys(sets)).toEqual([]);
  });
});

test("a list is asked member by member; the first that takes a packet gets it", () => {
  const sets = made("hash:ip", { counters: true }, { ip: ip("10.0.0.1") });
  sets.create("t", "hash:net", {}, false);
  sets.get("t")?.add({ ip: ip("10.0.0.0"), cidr: 8 }, false, NOW);
  sets.create("l", "list:set", { counters: true }, false);
  const list = sets.get("l");
  expect(list?.add({ name: "t" }, false, NOW)).toBeUndefined();
  expect(list?.add({ name: "s", reference: "t", before: true }, false, NOW)).toBeUndefined();
  expect([...(list?.entries(NOW) ?? [])].map(({ name }) => name)).toEqual(["s", "t"]);
  const packets = (name: string): unknown => [...(sets.get(name)?.entries(NOW) ?? [])].map(({ extras }) => extras.packets);
  expect(sets.member(ask("l", ["src"]), from("10.0.0.1"), moment())).toBe(true);
  expect(sets.member(ask("l", ["src"], { updateSubcounters: false }), from("10.0.0.1"), moment())).toBe(true);
  expect(sets.member(ask("l", ["src"]), from("10.0.0.2"), moment())).toBe(true);
  expect(sets.member(ask("l", ["src"]), from("11.0.0.2"), moment())).toBe(false);
  expect([packets("s"), packets("l")]).toEqual([[1n], [2n, 1n]]);
  sets.change({ do: "sets", add: { set: "l", dimensions: ["src"], renew: false } }, from("12.0.0.1"), moment());
  expect([keys(sets, "s").length, keys(sets, "t").length]).toEqual([2, 1]);
  expect([sets.rename("s", "z"), sets.destroy("s"), sets.destroy(), sets.named("s")?.references]).toEqual([
    "referenced",
    "busy",
    "busy",
    1,
  ]);
  expect(sets.swap("s", "t")).toBe("type mismatch");
  expect([sets.destroy("l"), sets.rename("s", "z"), sets.destroy()]).toEqual([undefined, undefined, undefined]);
});

test("a new entry begins with the counters that the one before it left in the same place, as in the kernel", () => {
  const sets = made("bitmap:port", { portFrom: 1, portTo: 9, counters: true }, { port: 5, packets: 7n, bytes: 8n });
  const port = sets.get("s");
  port?.delete({ port: 5 }, false, NOW);
  port?.add({ port: 5 }, false, NOW);
  expect([...(port?.entries(NOW) ?? [])].map(({ extras }) => extras.packets)).toEqual([7n]);
  sets.flush();
  port?.add({ port: 5, bytes: 1n }, false, NOW);
  expect([...(port?.entries(NOW) ?? [])].map(({ extras }) => [extras.packets, extras.bytes])).toEqual([[7n, 1n]]);
});

test("a member whose time is over no longer keeps its set in use", () => {
  const sets = made("hash:ip", {});
  sets.create("l", "list:set", { timeout: 5 }, false);
  sets.get("l")?.add({ name: "s" }, false, NOW);
  const users = (seconds: number): unknown => {
    sets.expire(NOW + seconds * SECOND);
    return sets.named("s")?.references;
  };
  expect([0, 5, 6].map(users)).toEqual([1, 1, 0]);
});

test("a copy and its original go their own ways", () => {
  const sets = made("hash:ip", { counters: true }, { ip: 1 });
  sets.create("b", "bitmap:port", { portFrom: 0, portTo: 9 }, false);
  sets.create("l", "list:set", {}, false);
  sets.get("l")?.add({ name: "s" }, false, NOW);
  const twin = sets.copy();
  twin.get("s")?.add({ ip: 2 }, false, NOW);
  twin.member(ask("l", ["src"]), packet({ saddr: 1, daddr: 2 }), moment());
  twin.get("b")?.add({ port: 3 }, false, NOW);
  twin.flush("l");
  const count = (all: Sets): unknown =>
    ["s", "b", "l"].map(name => [...(all.get(name)?.entries(NOW) ?? [])].map(({ extras }) => extras.packets));
  expect(count(sets)).toEqual([[0n], [], [0n]]);
  expect(count(twin)).toEqual([[1n, 0n], [0n], []]);
  expect([sets.named("s")?.references, twin.named("s")?.references]).toEqual([1, 0]);
});

test("names are only names", () => {
  const sets = new Sets();
  for (const name of ["__proto__", "constructor", "toString", ""])
    expect([sets.has(name), sets.create(name, "hash:ip", {}, false), sets.has(name)]).toEqual([false, undefined, true]);
  expect(({} as Record<string, unknown>)["hash:ip"]).toBeUndefined();
});

test("laws: a hash of nets is what a list of prefixes says, the longest first", () => {
  const net = fc.record({
    ip: fc.nat(0xff).map(low => 0x0a000000 + low * 0x10101),
    cidr: fc.integer({ min: 1, max: 32 }),
    nomatch: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(net, { maxLength: 20 }),
      fc.array(fc.record({ net, out: fc.boolean() }), { maxLength: 10 }),
      fc.array(fc.nat(0xff), { minLength: 1, maxLength: 20 }),
      (added, more, hosts) => {
        const sets = new Sets();
        sets.create("s", "hash:net", { hashsize: 64, bucketsize: 2 }, false);
        const model = new Map<string, { base: number; cidr: number; nomatch: boolean }>();
        const base = (at: number, cidr: number): number => Math.floor(at / 2 ** (32 - cidr)) * 2 ** (32 - cidr);
        for (const { net: entry, out } of [...added.map(each => ({ net: each, out: false })), ...more]) {
          const key = `${base(entry.ip, entry.cidr)}/${entry.cidr}`;
          const refusal = out ? sets.get("s")?.delete(entry, false, NOW) : sets.get("s")?.add(entry, false, NOW);
          expect(refusal === undefined).toBe(out === model.has(key));
          if (out) model.delete(key);
          else if (!model.has(key)) model.set(key, { base: base(entry.ip, entry.cidr), cidr: entry.cidr, nomatch: entry.nomatch });
        }
        expect(keys(sets)).toHaveLength(model.size);
        for (const low of hosts) {
          const host = 0x0a000000 + low * 0x10101;
          const [best] = [...model.values()]
            .filter(({ base: start, cidr }) => base(host, cidr) === start)
            .toSorted((a, b) => b.cidr - a.cidr);
          expect(sets.member(ask("s", ["src"]), packet({ saddr: host, daddr: 1 }), moment())).toBe(best !== undefined && !best.nomatch);
        }
      },
    ),
  );
});

test("laws: a range holds what its addresses hold one by one", () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(300), fc.constantFrom("hash:ip", "hash:net"), (a, b, type) => {
      const sets = new Sets();
      sets.create("s", type, {}, false);
      sets.get("s")?.add({ ip: 0x0a000001 + a, ipTo: 0x0a000001 + b }, false, NOW);
      for (let at = 0; at <= 310; at += 7)
        expect(sets.member(ask("s", ["src"]), packet({ saddr: 0x0a000001 + at, daddr: 1 }), moment())).toBe(
          Math.min(a, b) <= at && at <= Math.max(a, b),
        );
    }),
  );
});
