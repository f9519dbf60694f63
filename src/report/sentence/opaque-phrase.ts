import { maskLength } from "../../packet/index.ts";
import type { Described, Opaque, RateKey } from "../../predicate/index.ts";
import { both, count, ordinal, per, round } from "./words.ts";

/** A condition that depends on more than header fields, in words. */
export interface Circumstance {
  /** Where it stands: `if …`, `3 per minute at most …` behind a comma, or what is done besides. */
  readonly slot: "if" | "rate" | "besides";
  readonly text: string;
  /** What a rule without a target does by this condition alone, to traffic of a name: `notes the source address of TCP on the list L`. */
  readonly deed?: (x: string) => string;
  /** What is said of packets for which it does not hold: `over the limit`. */
  readonly otherwise?: string;
}

/** The condition in words, or the opposite. */
export function circumstance(opaque: Opaque, negated: boolean): Circumstance {
  const { described, about } = opaque;
  if (described) return describe(described, about, negated);
  return { slot: "if", text: `${negated ? "unless" : "if"} this holds: ${about}` };
}

function describe(described: Described, about: string, negated: boolean): Circumstance {
  const iff = negated ? "unless" : "if";
  switch (described.kind) {
    case "limit": {
      const { packets, seconds, burst } = described;
      if (negated)
        return { slot: "rate", text: `but only what comes faster than ${packets} per ${per(seconds)} (after bursts of ${burst})` };
      return { slot: "rate", text: `${packets} per ${per(seconds)} at most with bursts of ${burst}`, otherwise: "over the limit" };
    }
    case "rate":
      return rate(described, negated);
    case "quota":
      return negated
        ? { slot: "if", text: `once ${byteCount(described.bytes)} have passed` }
        : { slot: "rate", text: `until ${byteCount(described.bytes)} have passed`, otherwise: "after that" };
    case "random": {
      const share = (described.below / described.outOf) * 100;
      return { slot: "rate", text: `${round(negated ? 100 - share : share)} % of it, chosen at random`, otherwise: "otherwise" };
    }
    case "nth": {
      const { every, offset } = described;
      const which = `one packet in ${every} (the ${ordinal(offset + 1)} of each ${every})`;
      return { slot: "rate", text: negated ? `all but ${which}` : which, otherwise: "otherwise" };
    }
    case "connections": {
      const { above, side, mask } = described;
      const text = `if its ${networkText(side, mask)} has ${negated ? "at most" : "more than"} ${count(above, "connection")} open`;
      return negated ? { slot: "if", text, otherwise: "beyond that" } : { slot: "if", text };
    }
    case "uncountable":
      return { slot: "if", text: `${iff} it has no connection to count` };
    case "payload":
      return { slot: "if", text: `${iff} this holds: ${about}` };
    case "hours":
      return { slot: "if", text: `${negated ? "except " : ""}between ${clock(described.from)} and ${clock(described.to)} (UTC)` };
    case "weekdays":
      return { slot: "if", text: `${negated ? "except " : ""}on ${both(described.days.map(day => DAYS[day] ?? `${day}`))}` };
    case "recent":
      return recent(described, negated);
  }
}

const byteCount = (bytes: bigint): string => `${bytes} byte${bytes === 1n ? "" : "s"}`;

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(part => `${part}`.padStart(2, "0"));
  return (seconds % 60 === 0 ? parts.slice(0, 2) : parts).join(":");
}

function networkText(side: "source" | "destination", mask: number | bigint): string {
  const length = maskLength(mask);
  const whole = typeof mask === "number" ? 32 : 128;
  if (length === whole) return `${side} address`;
  return length === 0 ? `family (all addresses together)` : `${side}'s /${length ?? "?"} network`;
}

const KEY_TEXTS = { saddr: "source address", daddr: "destination address", sport: "source port", dport: "destination port" } as const;

function keyText({ field, bits }: RateKey): string {
  const network = field === "saddr" ? "source network" : "destination network";
  return bits === undefined || bits === 32 || bits === 128 ? KEY_TEXTS[field] : `${network} (/${bits})`;
}

function rate({ unit, amount, seconds, burst, by, compares }: Extract<Described, { kind: "rate" }>, negated: boolean): Circumstance {
  const noun = unit === "bytes" ? byteCount(amount) : `${amount}`;
  const bursts = burst > 0n ? `${unit === "bytes" ? `${burst} bytes` : burst}` : undefined;
  const each = by.length > 0 ? ` for each ${both(by.map(keyText))}` : "";
  if (compares) {
    const what = `${unit === "packets" ? `${amount} packet${amount === 1n ? "" : "s"}` : noun} per ${per(seconds)}`;
    return { slot: "rate", text: negated ? `but only while more than ${what} come${each}` : `while no more than ${what} come${each}` };
  }
  if (negated)
    return {
      slot: "rate",
      text: `but only what comes faster than ${noun} per ${per(seconds)}${each}${bursts ? ` (after bursts of ${bursts})` : ""}`,
    };
  return {
    slot: "rate",
    text: `${noun} per ${per(seconds)} at most${each}${bursts ? `${each === "" ? "" : ","} with bursts of ${bursts}` : ""}`,
    otherwise: "over the limit",
  };
}

function recent(
  { mode, inverted, list, side, seconds, hits, sameTtl }: Extract<Described, { kind: "recent" }>,
  negated: boolean,
): Circumstance {
  const address = `its ${side} address`;
  if (mode === "set") {
    const deed = (x: string): string => `notes the ${side} address of ${x} on the list ${list}`;
    // Inverted it notes all the same, and never matches.
    if (inverted !== negated) return { slot: "besides", text: `but never: the rule only notes ${address} on the list ${list}`, deed };
    return { slot: "besides", text: `noting ${address} on the list ${list}`, deed };
  }
  const iff = inverted === negated ? "if" : "unless";
  const times = hits > 1 ? ` at least ${hits} times` : "";
  const within = seconds > 0 ? ` in the last ${per(seconds)}` : "";
  const ttl = sameTtl ? " with the same TTL" : "";
  const seen = times + within === "" ? `is on the list ${list}` : `was noted on the list ${list}${times}${within}`;
  const also = { rcheck: "", update: " (and is then noted again)", remove: " (and is then taken off)" }[mode];
  const text = `${iff} ${address} ${seen}${ttl}${iff === "if" ? also : ""}`;
  const plain = iff === "if" && times + within + ttl === "";
  return mode === "remove" && plain
    ? { slot: "if", text, deed: x => `takes the ${side} address of ${x} off the list ${list}` }
    : { slot: "if", text };
}
