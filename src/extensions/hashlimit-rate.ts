import { atoll, badValue, U64_MAX, UsageError, type ReadContext } from "../xtables/index.ts";

/** A rate as the kernel keeps it: the time between two packets in millionths of a second, or the cost of sixteen bytes. */
export interface Rate {
  readonly average: bigint;
  readonly bytes: boolean;
  /** Seconds that the rate was given for; of a rate in bytes, those after which its entries expire. */
  readonly period: number;
}

const U32_MAX = 0xffffffffn;
/** Parts of a second. Kernel: XT_HASHLIMIT_SCALE_v2. */
export const SCALE = 1_000_000n;
/** Kernel: XT_HASHLIMIT_BYTE_SHIFT. */
const BYTE_SHIFT = 4n;
/** Seconds after which entries of a rate in bytes expire, without and with a burst. libxt_hashlimit: XT_HASHLIMIT_BYTE_EXPIRE. */
const BYTE_EXPIRE = 15;
const BYTE_EXPIRE_BURST = 60;

const UNITS: readonly (readonly [name: string, printed: string, seconds: number])[] = [
  ["day", "day", 24 * 60 * 60],
  ["hour", "hour", 60 * 60],
  ["minute", "min", 60],
  ["second", "sec", 1],
];
/** Of what an abbreviation may mean the shortest time counts. */
const READ_UNITS = UNITS.toReversed();
const SIZES: readonly (readonly [printed: string, bytes: bigint])[] = [
  ["m", 1024n * 1024n],
  ["k", 1024n],
  ["", 1n],
];

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** What a letter after a number multiplies it by. libxt_hashlimit: get_factor. */
export const factorOf = (letter: string | undefined): bigint => SIZES.find(([name]) => name !== "" && name === letter)?.[1] ?? 1n;

/** The cost of a rate in bytes a second. libxt_hashlimit: bytes_to_cost, which divides by zero for a rate that its 32 bits make -1. */
function costOf(bytes: bigint): bigint {
  const chunks = BigInt.asUintN(32, (bytes >> BYTE_SHIFT) + 1n);
  if (chunks === 0n) throw new UsageError("hashlimit: a rate of which iptables itself fails (division by zero)");
  return U32_MAX / chunks;
}

/** The rate in bytes of a cost. Kernel: user2rate_bytes; libxt_hashlimit: cost_to_bytes. */
export function bytesOf(cost: bigint): bigint {
  return u64(((cost === 0n ? U32_MAX : U32_MAX / cost) - 1n) << BYTE_SHIFT);
}

/** `5/min`, or `10mb/s`; text after the digits is passed over. libxt_hashlimit: parse_bytes and parse_rate. Throws UsageError. */
export function parseRate(text: string, context: ReadContext): Rate {
  return byteRate(text) ?? packetRate(text, context);
}

function byteRate(text: string): Rate | undefined {
  const at = text.indexOf("b/s");
  const number = u64(atoll(text));
  if (at <= 0 || number === 0n) return undefined;
  return { average: costOf(u64(number * factorOf(text[at - 1]))), bytes: true, period: BYTE_EXPIRE };
}

function packetRate(text: string, context: ReadContext): Rate {
  const slash = text.indexOf("/");
  const unit = slash < 0 ? "second" : text.slice(slash + 1).toLowerCase();
  const period = unit === "" ? undefined : READ_UNITS.find(([name]) => name.startsWith(unit))?.[2];
  const packets = u64(atoll(text));
  if (period === undefined || packets === 0n)
    throw badValue(text, { ...context, option: context.option.replace(/^hashlimit$/, "hashlimit-upto") });
  const average = (SCALE * BigInt(period)) / packets;
  if (average === 0n) throw new UsageError(`Rate too fast "${text}"`);
  return { average, bytes: false, period };
}

/** A rate as text, and the milliseconds after which its entries expire if nobody said otherwise. */
export interface PrintedRate {
  readonly text: string;
  readonly expire: number;
}

/** A rate of packets in the longest unit in which it is a whole number, or nearly. libxt_hashlimit: print_rate. */
export function packetUnit(average: bigint): { readonly packets: bigint; readonly seconds: number; readonly printed: string } {
  const time = (seconds: number): bigint => SCALE * BigInt(seconds);
  let [, printed, seconds] = UNITS[0] ?? ["", "", 1];
  for (const unit of UNITS.slice(1)) {
    const whole = time(unit[2]);
    if (average > whole || whole / average < whole % average) break;
    [, printed, seconds] = unit;
  }
  return { packets: time(seconds) / average, seconds, printed };
}

/** The same as text. */
export function printPacketRate(average: bigint): PrintedRate {
  if (average === 0n) return { text: "inf", expire: 0 };
  const { packets, printed, seconds } = packetUnit(average);
  return { text: `${packets}/${printed}`, expire: seconds * 1000 };
}

/** A rate of bytes, and its burst after `prefix` if there is one. libxt_hashlimit: print_bytes. */
export function printByteRate(cost: bigint, burst: bigint, prefix: string): PrintedRate {
  const bytes = bytesOf(cost);
  // iptables keeps the low 32 bits only when it looks whether a unit says the same.
  const whole = ([, size]: (typeof SIZES)[number]): boolean => bytes >= size && costOf(bytes & U32_MAX & ~(size - 1n)) === cost;
  const [name, size] = SIZES.find(each => each[0] === "" || whole(each)) ?? ["", 1n];
  const rate = `${bytes / size}${name}b/s`;
  if (burst === 0n) return { text: rate, expire: BYTE_EXPIRE * 1000 };
  const most = u64(bytes * burst);
  const [unit, many] = SIZES.find(([, each]) => most >= each) ?? ["", 1n];
  return { text: `${rate} ${prefix}burst ${most / many}${unit}b`, expire: BYTE_EXPIRE_BURST * 1000 };
}

/** How many times the credit is refilled, from a burst in bytes. Throws UsageError. libxt_hashlimit: hashlimit_mt_check. */
export function refills(burst: bigint, cost: bigint): bigint {
  const rate = bytesOf(cost);
  if (burst < rate) throw new UsageError(`burst cannot be smaller than ${rate}b`);
  if (rate === 0n) throw new UsageError("hashlimit: a burst of which iptables itself fails (division by zero)");
  return BigInt.asUintN(32, burst / rate + (burst % rate === 0n ? 0n : 1n));
}

/** The highest burst that a number without a unit may have, and that of packets with one. */
export const BURST_MAX = 1_000_000n;

/** iptables' sentence for it. */
export const burstFault = (): UsageError => new UsageError(`bad value for option "--hashlimit-burst", or out of range (1-${BURST_MAX}).`);

/** A number with a unit behind it, cut to 64 bits. */
export const scaled = (value: bigint, letter: string | undefined): bigint => (value * factorOf(letter)) & U64_MAX;
