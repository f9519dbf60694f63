import fc from "fast-check";
import { expect, test } from "vitest";
import { bareFacts, bareStore } from "./bare-facts.ts";
import { FIELDS, type Facts, type Field, type Moment, type Value } from "./field.ts";
import { all, always, among, any, bits, equal, holds, named, namedLike, never, not, opaque, present, type Predicate } from "./predicate.ts";

const moment: Moment = { now: 0, random: () => 0 };

function facts(values: Partial<Record<Field, Value>>): Facts {
  return bareFacts(4, field => values[field]);
}

const check = (predicate: Predicate, values: Partial<Record<Field, Value>>): boolean =>
  holds(predicate, facts(values), moment, bareStore(moment));

test.each<[Predicate, Partial<Record<Field, Value>>, boolean]>([
  [equal("dport", 22), { dport: 22 }, true],
  [equal("dport", 22), { dport: 23 }, false],
  [among("dport", [20, 21], [80, 90]), { dport: 90 }, true],
  [among("dport", [20, 21], [80, 90]), { dport: 22 }, false],
  [equal("dport", 22), {}, false],
  [not(equal("dport", 22)), {}, true],
  [equal("saddr", 0x20010db8_00000000_00000000_00000001n), { saddr: 0x20010db8_00000000_00000000_00000001n }, true],
  [bits("mark", 0xff00, 0x1200), { mark: 0xff12_12ff }, true],
  [bits("mark", 0x8000_0000, 0x8000_0000), { mark: 0xffff_ffff }, true],
  [bits("tcpoptions", 1n << 200n, 1n << 200n), { tcpoptions: 1n << 200n }, true],
  [bits("tcpoptions", 1n << 200n, 1n << 200n), { tcpoptions: 0n }, false],
  [named("iif", "eth0"), { iif: "eth0" }, true],
  [named("iif", "eth"), { iif: "eth0" }, false],
  [namedLike("iif", "eth"), { iif: "eth0" }, true],
  [namedLike("iif", "eth"), { iif: "" }, false],
  [present("mss"), { mss: 0 }, true],
  [present("mss"), {}, false],
  [all(), {}, true],
  [any(), {}, false],
])("row %#", (predicate, values, expected) => expect(check(predicate, values)).toBe(expected));

test("all and any stop at the first answer, so that opaque steps run only when reached", () => {
  let steps = 0;
  const counting = opaque({ name: "count", about: "count", depends: "history", start: () => 0, step: () => ++steps > 0 });
  check(all(never, counting), {});
  check(any(always, counting), {});
  expect(steps).toBe(0);
  check(all(always, counting), {});
  check(any(never, counting), {});
  expect(steps).toBe(2);
});

const fields = Object.keys(FIELDS).filter(name => FIELDS[name as Field].kind === "number") as Field[];
const atom = fc.oneof(
  fc.constant(always),
  fc.constant(never),
  fc.tuple(fc.constantFrom(...fields), fc.nat(20), fc.nat(20)).map(([field, a, b]) => among(field, [Math.min(a, b), Math.max(a, b)])),
  fc.tuple(fc.constantFrom(...fields), fc.nat(15), fc.nat(15)).map(([field, mask, value]) => bits(field, mask, value & mask)),
);
const { tree } = fc.letrec<{ tree: Predicate }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    atom,
    tie("tree").map(not),
    fc.array(tie("tree"), { maxLength: 3 }).map(of => all(...of)),
    fc.array(tie("tree"), { maxLength: 3 }).map(of => any(...of)),
  ),
}));
const packets = fc.dictionary(fc.constantFrom(...fields), fc.nat(20)) as fc.Arbitrary<Partial<Record<Field, Value>>>;

test("laws: double negation, De Morgan, units", () => {
  fc.assert(
    fc.property(tree, tree, packets, (p, q, values) => {
      const says = (r: Predicate): boolean => check(r, values);
      expect(says(not(not(p)))).toBe(says(p));
      expect(says(not(all(p, q)))).toBe(says(any(not(p), not(q))));
      expect(says(all(p, always))).toBe(says(p));
      expect(says(any(p, never))).toBe(says(p));
    }),
  );
});
