import type { Described } from "./described.ts";
import type { Facts, Field, Moment, Scalar } from "./field.ts";
import type { SetTest } from "./set-test.ts";

/** An inclusive range, low to high. */
export type Range = readonly [low: Scalar, high: Scalar];

/**
 * A condition that is more than a test of fields: it depends on payload bytes, time, randomness or history.
 * The engine runs `step`; an analyser takes it as a free boolean variable named `name`.
 */
export interface Opaque<State = unknown> {
  /** The extension's name, or for shared state its key: `limit`, `recent:DEFAULT`. */
  readonly name: string;
  /** What a report says of it: `limit: avg 5/min burst 5`. */
  readonly about: string;
  /** `packet` means a pure function of the packet's bytes. */
  readonly depends: "packet" | "time" | "random" | "history";
  /** What the step always says, for steps that are there for what they remember. */
  readonly always?: boolean;
  /** The same condition as plain data, for translators; without it only the engine can carry the step out. */
  readonly described?: Described;
  /** Steps with the same key share one state; without a key each rule has its own. */
  readonly share?: string;
  /** A fresh state, as when the ruleset has just been loaded at `moment`. */
  start(moment: Moment): State;
  /** Does it hold for this packet now? May change the state. */
  step(state: State, facts: Facts, moment: Moment): boolean;
}

/**
 * What a rule says about a packet.
 *
 * Closed on purpose: engine, analyser, explainer and translators each interpret exactly these cases.
 * Laws (see predicate.test.ts): a test of an absent field is false, so `not` of it is true; `all()` is true, `any()` is false;
 * `all` and `any` are asked left to right and stop at the first answer, because an opaque step may change state.
 */
export type Predicate =
  | { readonly is: "in"; readonly field: Field; readonly ranges: readonly Range[] }
  | { readonly is: "bits"; readonly field: Field; readonly mask: Scalar; readonly value: Scalar }
  | { readonly is: "name"; readonly field: Field; readonly text: string; readonly prefix: boolean }
  | { readonly is: "present"; readonly field: Field }
  | { readonly is: "constant"; readonly value: boolean }
  | { readonly is: "not"; readonly of: Predicate }
  | { readonly is: "all"; readonly of: readonly Predicate[] }
  | { readonly is: "any"; readonly of: readonly Predicate[] }
  | { readonly is: "member"; readonly test: SetTest }
  | { readonly is: "opaque"; readonly opaque: Opaque };

export const among = (field: Field, ...ranges: Range[]): Predicate => ({ is: "in", field, ranges });
export const equal = (field: Field, value: Scalar): Predicate => ({ is: "in", field, ranges: [[value, value]] });
/** `(field & mask) = value`. */
export const bits = (field: Field, mask: Scalar, value: Scalar): Predicate => ({ is: "bits", field, mask, value });
export const named = (field: Field, text: string): Predicate => ({ is: "name", field, text, prefix: false });
/** The name starts with `text`: the meaning of `eth+`. */
export const namedLike = (field: Field, text: string): Predicate => ({ is: "name", field, text, prefix: true });
export const present = (field: Field): Predicate => ({ is: "present", field });
export const not = (of: Predicate): Predicate => ({ is: "not", of });
export const all = (...of: Predicate[]): Predicate => ({ is: "all", of });
export const any = (...of: Predicate[]): Predicate => ({ is: "any", of });
export const always: Predicate = { is: "constant", value: true };
export const never: Predicate = { is: "constant", value: false };
/** The packet is in an ipset. */
export const member = (test: SetTest): Predicate => ({ is: "member", test });
export const opaque = <State>(step: Opaque<State>): Predicate => ({ is: "opaque", opaque: step as Opaque });
export const invertIf = (invert: boolean, of: Predicate): Predicate => (invert ? not(of) : of);

/** Whole packet or first fragment: the only ones that carry a transport header. */
export const firstFragment: Predicate = among("fragoff", [0, 0]);

/** Where an opaque step finds its state: the engine keeps one store for each loaded ruleset. */
export interface StateStore {
  state(opaque: Opaque): unknown;
  /** Looks the packet up in an ipset; may count it there. */
  member(test: SetTest, facts: Facts, moment: Moment): boolean;
}

/** Does the predicate hold for one concrete packet? The reference meaning; the engine's compiled form is tested against it. */
export function holds(predicate: Predicate, facts: Facts, moment: Moment, store: StateStore): boolean {
  switch (predicate.is) {
    case "in": {
      const value = facts.value(predicate.field);
      if (value === undefined || typeof value === "string") return false;
      for (const [low, high] of predicate.ranges) if (low <= value && value <= high) return true;
      return false;
    }
    case "bits":
      return maskedEqual(facts.value(predicate.field), predicate.mask, predicate.value);
    case "name": {
      const value = facts.value(predicate.field);
      if (typeof value !== "string") return false;
      return predicate.prefix ? value.startsWith(predicate.text) : value === predicate.text;
    }
    case "present":
      return facts.value(predicate.field) !== undefined;
    case "constant":
      return predicate.value;
    case "not":
      return !holds(predicate.of, facts, moment, store);
    case "all":
      for (const part of predicate.of) if (!holds(part, facts, moment, store)) return false;
      return true;
    case "any":
      for (const part of predicate.of) if (holds(part, facts, moment, store)) return true;
      return false;
    case "member":
      return store.member(predicate.test, facts, moment);
    case "opaque":
      return predicate.opaque.step(store.state(predicate.opaque), facts, moment);
  }
}

/** `(value & mask) = wanted`, in 32 bits for numbers and exactly for bigints; false for an absent or named value. */
export function maskedEqual(value: Scalar | string | undefined, mask: Scalar, wanted: Scalar): boolean {
  if (typeof value === "number") {
    if (typeof mask === "number") return (value & mask) >>> 0 === wanted;
    return (BigInt(value) & mask) === BigInt(wanted);
  }
  return typeof value === "bigint" && (value & BigInt(mask)) === BigInt(wanted);
}
