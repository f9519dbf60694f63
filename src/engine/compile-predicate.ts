import { maskedEqual, type Moment, type Predicate, type Range, type StateStore } from "../predicate/index.ts";
import { READERS, type FieldReader } from "./fields.ts";
import type { Packet } from "./packet.ts";

/** A predicate made into one function. */
export type Test = (packet: Packet, moment: Moment) => boolean;

/** The predicate as a closure that is specialised by field; means the same as `holds` with this store, whose steps it starts at once, and asks parts in the same order. */
export function compilePredicate(predicate: Predicate, store: StateStore): Test {
  switch (predicate.is) {
    case "in":
      return compileRanges(predicate.field, predicate.ranges);
    case "bits":
      return compileBits(predicate);
    case "name":
      return compileName(predicate);
    case "present": {
      const read = READERS[predicate.field];
      return packet => read(packet) !== undefined;
    }
    case "constant":
      return predicate.value ? () => true : () => false;
    case "not": {
      const test = compilePredicate(predicate.of, store);
      return (packet, moment) => !test(packet, moment);
    }
    case "all":
      return conjunction(predicate.of.map(part => compilePredicate(part, store)));
    case "any":
      return disjunction(predicate.of.map(part => compilePredicate(part, store)));
    case "opaque": {
      const { opaque } = predicate;
      const state = store.state(opaque);
      return (packet, moment) => opaque.step(state, packet, moment);
    }
    case "member": {
      const { test } = predicate;
      return (packet, moment) => store.member(test, packet, moment);
    }
  }
}

/** All of the tests, left to right. */
export function conjunction(tests: readonly Test[]): Test {
  const [a, b, c] = tests;
  if (a === undefined) return () => true;
  if (b === undefined) return a;
  if (c === undefined) return (packet, moment) => a(packet, moment) && b(packet, moment);
  if (tests.length === 3) return (packet, moment) => a(packet, moment) && b(packet, moment) && c(packet, moment);
  return (packet, moment) => {
    for (const test of tests) if (!test(packet, moment)) return false;
    return true;
  };
}

function disjunction(tests: readonly Test[]): Test {
  const [a, b] = tests;
  if (a === undefined) return () => false;
  if (b === undefined) return a;
  if (tests.length === 2) return (packet, moment) => a(packet, moment) || b(packet, moment);
  return (packet, moment) => {
    for (const test of tests) if (test(packet, moment)) return true;
    return false;
  };
}

type Fields = Extract<Predicate, { is: "in" }>["field"];

function compileRanges(field: Fields, ranges: readonly Range[]): Test {
  const [only] = ranges;
  if (only === undefined) return () => false;
  if (ranges.length === 1) {
    const [low, high] = only;
    if (typeof low === "number" && typeof high === "number") return compileRange(field, low, high);
  }
  const read = READERS[field];
  if (ranges.every(([low, high]) => typeof low === "number" && typeof high === "number")) {
    const bounds = ranges.flat() as number[];
    return packet => {
      const value = read(packet);
      if (typeof value === "number") {
        for (let i = 0; i < bounds.length; i += 2) if ((bounds[i] as number) <= value && value <= (bounds[i + 1] as number)) return true;
        return false;
      }
      return inRanges(value, ranges);
    };
  }
  return packet => inRanges(read(packet), ranges);
}

function inRanges(value: ReturnType<FieldReader>, ranges: readonly Range[]): boolean {
  if (value === undefined || typeof value === "string") return false;
  for (const [low, high] of ranges) if (low <= value && value <= high) return true;
  return false;
}

/** One range of numbers: the fields that every packet has as plain numbers are read without a call. */
function compileRange(field: Fields, low: number, high: number): Test {
  switch (field) {
    case "protocol":
      // A protocol that cannot be found is -1 in the packet and absent as a field.
      if (low === high && low >= 0) return packet => packet.protocol === low;
      break;
    case "sport":
      if (low >= 0) return packet => low <= packet.sport && packet.sport <= high;
      break;
    case "dport":
      if (low >= 0) return packet => low <= packet.dport && packet.dport <= high;
      break;
    case "fragoff":
      return packet => low <= packet.fragoff && packet.fragoff <= high;
    default:
      break;
  }
  const read = READERS[field];
  return packet => {
    const value = read(packet);
    if (typeof value === "number") return low <= value && value <= high;
    return typeof value === "bigint" && low <= value && value <= high;
  };
}

function compileBits({ field, mask, value }: Extract<Predicate, { is: "bits" }>): Test {
  const read = READERS[field];
  if (typeof mask === "number" && typeof value === "number") {
    return packet => {
      const found = read(packet);
      return typeof found === "number" ? (found & mask) >>> 0 === value : maskedEqual(found, mask, value);
    };
  }
  return packet => maskedEqual(read(packet), mask, value);
}

function compileName({ field, text, prefix }: Extract<Predicate, { is: "name" }>): Test {
  if (field === "iif" || field === "oif") {
    const side = field === "iif" ? "in" : "out";
    return prefix ? packet => (packet[side]?.name ?? "").startsWith(text) : packet => (packet[side]?.name ?? "") === text;
  }
  const read = READERS[field];
  return packet => {
    const value = read(packet);
    return typeof value === "string" && (prefix ? value.startsWith(text) : value === text);
  };
}
