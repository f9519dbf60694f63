import { scanDouble, UsageError } from "../xtables/index.ts";

/** Bits in the units of iproute2. */
const SUFFIXES: readonly (readonly [name: string, bits: number])[] = [
  ["bit", 1],
  ["kibit", 2 ** 10],
  ["kbit", 1e3],
  ["mibit", 2 ** 20],
  ["mbit", 1e6],
  ["gibit", 2 ** 30],
  ["gbit", 1e9],
  ["tibit", 2 ** 40],
  ["tbit", 1e12],
  ["bps", 8],
  ["kibps", 8 * 2 ** 10],
  ["kbps", 8e3],
  ["mibps", 8 * 2 ** 20],
  ["mbps", 8e6],
  ["gibps", 8 * 2 ** 30],
  ["gbps", 8e9],
  ["tibps", 8 * 2 ** 40],
  ["tbps", 8e12],
];

/** A rate in bits, or with a unit, as bytes a second cut to 32 bits. Throws UsageError. libxt_rateest: rateest_get_rate. */
export function bitRate(text: string): number {
  const scanned = scanDouble(text);
  const unit = scanned && (scanned.rest === "" ? 1 : SUFFIXES.find(([name]) => name === scanned.rest.toLowerCase())?.[1]);
  if (!scanned || unit === undefined) throw new UsageError(`rateest: could not parse rate \`${text}'`);
  const bytes = Math.trunc((scanned.value * unit) / 8);
  return Number.isFinite(bytes) && Math.abs(bytes) < 2 ** 63 ? Number(BigInt.asUintN(32, BigInt(bytes))) : 0;
}

/** Bytes a second in bits with a unit, or as they are. libxt_rateest: rateest_print_rate. */
export function printBitRate(bytes: number, numeric: boolean): string {
  const bits = bytes * 8;
  if (numeric) return String(bytes);
  if (bits >= 1e9) return `${nearest(bits / 1e6)}Mbit`;
  return bits >= 1e6 ? `${nearest(bits / 1e3)}Kbit` : `${bits}bit`;
}

/** To the nearest whole number, from the middle to the even one, as C prints. */
function nearest(value: number): number {
  const below = Math.floor(value);
  const over = value - below;
  return over > 0.5 || (over === 0.5 && below % 2 === 1) ? below + 1 : below;
}
