import fc from "fast-check";
import { expect, test } from "vitest";
import { assumeHost, Router } from "../host/index.ts";
import { buildPacket, dissect, isFault, type PacketRepr, type TransportRepr } from "../packet/index.ts";
import {
  bareStore,
  FIELDS,
  holds,
  member,
  type Field,
  type Moment,
  type Opaque,
  type Predicate,
  type StateStore,
} from "../predicate/index.ts";
import { firstFailure } from "./blame.ts";
import { compilePredicate } from "./compile-predicate.ts";
import { Packet } from "./packet.ts";

const moment: Moment = { now: 1_700_000_000_000_000, random: () => 4 };
const fields = Object.keys(FIELDS) as Field[];

/** Small numbers often, so that ranges are hit. */
const number = fc.oneof(
  fc.integer({ min: 0, max: 8 }),
  fc.constantFrom(6, 17, 20, 22, 40, 53, 64, 80, 1500, 0x7f000001, 0xc0000201),
  fc.integer({ min: 0, max: 0xffffffff }),
);
const scalar = fc.oneof({ weight: 4, arbitrary: number }, { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }) });

/** Counts its calls: it holds every other time, so that asking it once too often shows. */
const step: Opaque<{ calls: number }> = {
  name: "every other",
  about: "every other time",
  depends: "history",
  start: () => ({ calls: 0 }),
  step: state => ++state.calls % 2 === 1,
};

const { predicate } = fc.letrec<{ predicate: Predicate }>(tie => ({
  predicate: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.record({
      is: fc.constant("in" as const),
      field: fc.constantFrom(...fields),
      ranges: fc.array(fc.tuple(scalar, scalar), { maxLength: 3 }),
    }),
    fc.record({ is: fc.constant("bits" as const), field: fc.constantFrom(...fields), mask: scalar, value: scalar }),
    fc.record({
      is: fc.constant("name" as const),
      field: fc.constantFrom("iif", "oif", "physin", "protocol", "cgrouppath", "cthelper"),
      text: fc.constantFrom("", "eth", "eth0", "lo", "/", "/user"),
      prefix: fc.boolean(),
    }),
    fc.record({ is: fc.constant("present" as const), field: fc.constantFrom(...fields) }),
    fc.record({ is: fc.constant("constant" as const), value: fc.boolean() }),
    fc.constant<Predicate>({ is: "opaque", opaque: step as Opaque }),
    fc
      .array(fc.constantFrom("src" as const, "dst" as const), { minLength: 1, maxLength: 3 })
      .map(dimensions => member({ set: "s", dimensions, returnNomatch: false, updateCounters: true, updateSubcounters: true })),
    fc.record({ is: fc.constant("not" as const), of: tie("predicate") }),
    fc.record({ is: fc.constant("all" as const), of: fc.array(tie("predicate"), { maxLength: 3 }) }),
    fc.record({ is: fc.constant("any" as const), of: fc.array(tie("predicate"), { maxLength: 3 }) }),
  ),
}));

const port = fc.constantFrom(22, 53, 80, 40000);
const transport: fc.Arbitrary<TransportRepr> = fc.oneof(
  fc.record({
    kind: fc.constant("tcp" as const),
    sourcePort: port,
    destinationPort: port,
    flags: fc.integer({ min: 0, max: 255 }),
    options: fc.uint8Array({ maxLength: 12 }),
  }),
  fc.record({ kind: fc.constant("udp" as const), sourcePort: port, destinationPort: port, payload: fc.uint8Array({ maxLength: 20 }) }),
  fc.record({ kind: fc.constant("raw" as const), protocol: fc.integer({ min: 0, max: 255 }), payload: fc.uint8Array({ maxLength: 30 }) }),
);
const common = { ttl: fc.integer({ min: 0, max: 255 }), tos: fc.integer({ min: 0, max: 255 }), transport };
const repr: fc.Arbitrary<PacketRepr> = fc.oneof(
  fc.record({ family: fc.constant(4 as const), source: number, destination: number, ...common }),
  fc.record({
    family: fc.constant(6 as const),
    source: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
    destination: fc.bigInt({ min: 0n, max: 9n }),
    ...common,
  }),
);

const host = assumeHost([], [{ family: 4, source: 0xc0000205, destination: 0xc0000201, in: "eth0" }]);
const router = new Router(host);

function packetOf(bytes: Uint8Array, mark: number): Packet | undefined {
  const layout = dissect(bytes);
  if (isFault(layout)) return undefined;
  const packet = new Packet(bytes, layout, router, moment.now, {
    in: router.interfaces.get("eth0"),
    mark,
    uid: mark % 3,
    socket: mark % 2 === 0,
    around: {
      cpu: mark & 7,
      cgroup: mark,
      cgroupPath: "/user.slice",
      realm: mark,
      inGroup: mark,
      localSocket: { bound: (mark & 1) === 1, transparent: (mark & 2) === 2 },
      ipsecIn: mark % 5 === 0 ? [{ mode: "transport", protocol: 50, spi: 5, reqid: 0 }] : [],
    },
  });
  packet.out = router.interfaces.get("lo");
  return packet;
}

/** One state for each step, as a rule has it, and sets that hold every other packet they are asked of. */
function newStore(): StateStore {
  let asked = 0;
  return { ...bareStore(moment), member: test => (asked++ + test.dimensions.length) % 2 === 0 };
}

test("compiled predicates mean what the reference means, in the same order", () => {
  let held = 0;
  let failed = 0;
  fc.assert(
    fc.property(predicate, fc.array(fc.tuple(repr, number), { minLength: 1, maxLength: 4 }), (given, runs) => {
      const compiled = compilePredicate(given, newStore());
      const store = newStore();
      for (const [packetRepr, mark] of runs) {
        const packet = packetOf(buildPacket(packetRepr), mark);
        if (packet === undefined) continue;
        const expected = holds(given, packet, moment, store);
        expect(compiled(packet, moment)).toBe(expected);
        if (expected) held++;
        else failed++;
      }
    }),
    { numRuns: 3000 },
  );
  // Neither answer is rare, or the comparison proves little.
  expect(Math.min(held, failed)).toBeGreaterThan(500);
});

test("what is blamed is part of the predicate and fails, and nothing is asked twice", () => {
  fc.assert(
    fc.property(predicate, repr, number, (given, packetRepr, mark) => {
      const packet = packetOf(buildPacket(packetRepr), mark);
      if (packet === undefined) return;
      const blamed = firstFailure(given, packet, moment, newStore());
      expect(blamed === undefined).toBe(holds(given, packet, moment, newStore()));
    }),
    { numRuns: 2000 },
  );
});
