import { ZERO, type Counters } from "../ruleset/index.ts";
import { UsageError, type Span } from "../xtables/index.ts";

/** Counters of a rule as they stood there, and what they are. */
export interface SpokenCounters {
  readonly counters: Counters;
  readonly span: Span;
}

const MOST_COUNTED = (1n << 64n) - 1n;

/** A counter as strtoull reads it: 64 bits, larger ones stop at the end, negative ones wrap. Undefined for no number. */
export function parseCounter(text: string): bigint | undefined {
  const digits = /^\s*([-+]?)(\d{1,40})/.exec(text);
  if (!digits) return undefined;
  if (digits[2] === "0") return 0n;
  const value = BigInt(digits[2] ?? 0);
  if (value > MOST_COUNTED) return MOST_COUNTED;
  return digits[1] === "-" && value > 0n ? MOST_COUNTED + 1n - value : value;
}

/** The two counters of -c, or of brackets before a rule. Throws UsageError. */
export function readCounters(packets: string, bytes: string, span: Span): SpokenCounters {
  const counted = { packets: parseCounter(packets), bytes: parseCounter(bytes) };
  if (counted.packets === undefined) throw new UsageError("-c packet counter not numeric", { span });
  if (counted.bytes === undefined) throw new UsageError("-c byte counter not numeric", { span });
  return { counters: { packets: counted.packets, bytes: counted.bytes }, span };
}

/** Are these counters that no kernel ever counted: negative, or of twenty digits and more? */
export const areOdd = (text: string): boolean => /-|\d{20}/.test(text);

/** The counters in plain digits, as the kernel's are; undefined for any other text. */
export function plainCounters(packets: string, bytes: string): Counters | undefined {
  if (packets === "0" && bytes === "0") return ZERO;
  return PLAIN.test(packets) && PLAIN.test(bytes) ? { packets: BigInt(packets), bytes: BigInt(bytes) } : undefined;
}

const PLAIN = /^\d{1,19}$/;
