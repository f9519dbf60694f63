import { opaque, type Opaque } from "../../predicate/index.ts";
import { atoll, bounded, someOf, UsageError, type MatchType, type Value } from "../../xtables/index.ts";
import { HZ, jiffies } from "../jiffies.ts";

/** Kernel: struct xt_rateinfo. */
interface Limit {
  /** Time between two packets, in ten-thousandths of a second. */
  readonly average: number;
  readonly burst: number;
}

/** What is left of the credit, an unsigned 32-bit number, and when that was. Kernel: struct xt_limit_priv. */
interface Credit {
  credit: number;
  /** In jiffies. */
  before: number;
}

const XT_LIMIT_SCALE = 10_000;
/** The greatest power of two at which a day's credits fit into 32 bits. Kernel: CREDITS_PER_JIFFY. */
const CREDITS_PER_JIFFY = 2 ** Math.floor(Math.log2(0xffffffff / (HZ * 60 * 60 * 24)));
const CREDITS_PER_SECOND = HZ * CREDITS_PER_JIFFY;
const DEFAULT: Limit = { average: (XT_LIMIT_SCALE * 60 * 60) / 3, burst: 5 };
const BURST_MAX = 10_000;

const UNITS: readonly (readonly [name: string, printed: string, seconds: number])[] = [
  ["day", "day", 24 * 60 * 60],
  ["hour", "hour", 60 * 60],
  ["minute", "min", 60],
  ["second", "sec", 1],
];
/** `m` is a minute: of what an abbreviation may mean the shortest time counts. */
const READ_UNITS = UNITS.toReversed();

/** `5/min`; text after the digits and before the slash is passed over. libxt_limit: parse_rate, which reads as atoi does. */
const rate: Value<number> = {
  shape: "number[/second|/minute|/hour|/day]",
  parse(text) {
    const slash = text.indexOf("/");
    const unit = slash < 0 ? "second" : text.slice(slash + 1).toLowerCase();
    const seconds = unit === "" ? undefined : READ_UNITS.find(([name]) => name.startsWith(unit))?.[2];
    const packets = atoi(text);
    if (seconds === undefined || packets === 0) throw new UsageError(`bad rate "${text}"'`);
    const average = Math.floor((XT_LIMIT_SCALE * seconds) / packets);
    if (average === 0) throw new UsageError(`Rate too fast "${text}"`);
    return average;
  },
  print: printRate,
};

/** A C int at the start of a text, as an unsigned number; 0 without digits. */
const atoi = (text: string): number => Number(BigInt.asUintN(32, atoll(text)));

/** The longest unit in which the rate is a whole number, or nearly. libxt_limit: print_rate. */
function rateUnit(average: number): { readonly packets: number; readonly printed: string; readonly seconds: number } {
  const period = (seconds: number): number => seconds * XT_LIMIT_SCALE;
  let chosen = UNITS[0];
  for (const unit of UNITS.slice(1)) {
    const ticks = period(unit[2]);
    if (average > ticks || Math.floor(ticks / average) < ticks % average) break;
    chosen = unit;
  }
  const [, printed, seconds] = chosen ?? ["day", "day", 24 * 60 * 60];
  return { packets: Math.floor(period(seconds) / average), printed, seconds };
}

function printRate(average: number): string {
  const { packets, printed } = rateUnit(average);
  return `${packets}/${printed}`;
}

/** Time to credits, in 32 bits. Kernel: xt_limit.c, user2credits. */
function credits(time: number): number {
  if (time > Math.floor(0xffffffff / CREDITS_PER_SECOND))
    return Number(BigInt.asUintN(32, BigInt(Math.floor(time / XT_LIMIT_SCALE)) * BigInt(CREDITS_PER_SECOND)));
  return Math.floor((time * CREDITS_PER_SECOND) / XT_LIMIT_SCALE);
}

/** Credits of a full bucket; the product of rate and burst is cut to 32 bits, as in the kernel. */
const fullCredit = ({ average, burst }: Limit): number => credits((average * burst) % 0x100000000);

/** Kernel: xt_limit.c, limit_mt. Credit grows with the ticks that pass and wraps at 32 bits before it is capped. */
function bucket(info: Limit): Opaque<Credit> {
  const cap = fullCredit(info);
  const cost = credits(info.average);
  return {
    name: "limit",
    about: list(info),
    depends: "time",
    described: { kind: "limit", packets: rateUnit(info.average).packets, seconds: rateUnit(info.average).seconds, burst: info.burst },
    start: ({ now }) => ({ credit: cap, before: jiffies(now) }),
    step(state, _, moment) {
      const now = jiffies(moment.now);
      const gained = Math.max(0, now - state.before) * CREDITS_PER_JIFFY;
      state.before = now;
      const credit = Math.min((state.credit + (gained % 0x100000000)) % 0x100000000, cap);
      const holds = credit >= cost;
      state.credit = holds ? credit - cost : credit;
      return holds;
    },
  };
}

const list = ({ average, burst }: Limit): string => `limit: avg ${printRate(average)} burst ${burst}`;

const grammar = someOf({
  limit: { value: rate, help: "How many packets match on average." },
  "limit-burst": { value: bounded(0, BURST_MAX), help: "How many may match at once before that holds." },
});

/** `-m limit`: as many packets as a token bucket lets through. Kernel: xt_limit.c, limit_mt. */
export const limit: MatchType<Limit> = {
  name: "limit",
  help: "Match at a limited rate.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const burst = found["limit-burst"]?.value ?? DEFAULT.burst;
      // nf_tables takes 0 for its default. Kernel: nft_limit.c, nft_limit_init.
      return { average: found.limit?.value ?? DEFAULT.average, burst: burst === 0 && context.variant === "nft" ? DEFAULT.burst : burst };
    },
    save: ({ average, burst }) => `--limit ${printRate(average)}${burst === DEFAULT.burst ? "" : ` --limit-burst ${burst}`}`,
  },
  // nf_tables has an expression of its own, which does not overflow.
  check: (info, { variant }) =>
    variant !== "nft" && (info.burst === 0 || fullCredit(info) < credits(info.average))
      ? `limit match: overflow, try lower: ${info.average}/${info.burst} (Numerical result out of range)`
      : undefined,
  lower: info => ({ predicate: opaque(bucket(info)) }),
  list,
};
