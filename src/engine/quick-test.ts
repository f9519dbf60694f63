import { IPV4_MAX } from "../packet/index.ts";
import type { Predicate } from "../predicate/index.ts";
import type { Condition, Rule } from "../ruleset/index.ts";
import type { Packet } from "./packet.ts";

/** Numbers kept for each rule: the ranges of IPv4 source and destination addresses, and the protocol. */
const WIDTH = 5;
const ANY_PROTOCOL = -2;

/**
 * The parts of a chain's rules at which most packets fail, in one array: a packet that fails there cannot match, and the rule is not asked.
 * An IPv6 packet has 0 for its IPv4 addresses, and no rule for it has a range of those.
 */
export class QuickTests {
  private readonly numbers: Float64Array;

  constructor(rules: number) {
    this.numbers = new Float64Array(rules * WIDTH);
  }

  /** The first rule from `at` on that the packet may match; the number of rules when there is none. */
  next(at: number, packet: Packet): number {
    const { numbers } = this;
    const { saddr4, daddr4, protocol } = packet;
    for (let i = at * WIDTH; i < numbers.length; i += WIDTH) {
      if (saddr4 < (numbers[i] as number) || saddr4 > (numbers[i + 1] as number)) continue;
      if (daddr4 < (numbers[i + 2] as number) || daddr4 > (numbers[i + 3] as number)) continue;
      const wanted = numbers[i + 4] as number;
      if (wanted === ANY_PROTOCOL || wanted === protocol) return i / WIDTH;
    }
    return numbers.length / WIDTH;
  }

  /**
   * Takes simple header tests of rule number `at` (from 0), and gives the conditions that are left to ask. Only tests before the first
   * condition with a side effect or a hotdrop are taken: all of these are pure, so that asking them in another order changes nothing.
   */
  take(at: number, rule: Rule): readonly Condition[] {
    const row = this.numbers.subarray(at * WIDTH, (at + 1) * WIDTH);
    row.set([0, IPV4_MAX, 0, IPV4_MAX, ANY_PROTOCOL]);
    const rest: Condition[] = [];
    let pure = true;
    for (const condition of rule.conditions) {
      pure &&= condition.hotdrop === undefined && isPure(condition.predicate);
      if (!pure || !takeOne(row, condition.predicate)) rest.push(condition);
    }
    return rest;
  }
}

function takeOne(row: Float64Array, predicate: Predicate): boolean {
  if (predicate.is !== "in" || predicate.ranges.length !== 1) return false;
  const [low, high] = predicate.ranges[0] ?? [];
  if (typeof low !== "number" || typeof high !== "number") return false;
  switch (predicate.field) {
    case "saddr":
      return narrow(row, 0, low, high);
    case "daddr":
      return narrow(row, 2, low, high);
    case "protocol":
      if (low !== high || low < 0 || (row[4] !== ANY_PROTOCOL && row[4] !== low)) return false;
      row[4] = low;
      return true;
    default:
      return false;
  }
}

function narrow(row: Float64Array, at: number, low: number, high: number): boolean {
  row[at] = Math.max(row[at] ?? 0, low);
  row[at + 1] = Math.min(row[at + 1] ?? IPV4_MAX, high);
  return true;
}

function isPure(predicate: Predicate): boolean {
  switch (predicate.is) {
    case "in":
    case "bits":
    case "name":
    case "present":
    case "constant":
      return true;
    case "not":
      return isPure(predicate.of);
    case "all":
    case "any":
      return predicate.of.every(isPure);
    case "opaque":
      return predicate.opaque.depends === "packet";
    case "member":
      return false;
  }
}
