const THOUSAND = 1000n;
const MOST_PLAIN = 99_999n;
const MOST_ROUNDED = 9_999n;
const SUFFIXES = ["K", "M", "G", "T"] as const;

/**
 * A counter as a listing shows it: in a column of five, bare after a policy, both with K, M, G or T from 100,000 on, or exact. Rounding is
 * half up at each step and wraps at 64 bits, as the tool's own sums do. libxtables: xtables_print_num.
 */
export function printCount(value: bigint, form: "column" | "bare" | "exact"): string {
  if (form === "exact") return String(value);
  if (value <= MOST_PLAIN) return form === "column" ? String(value).padStart(5) : String(value);
  let rounded = value;
  let suffix: string = SUFFIXES[0];
  for (suffix of SUFFIXES) {
    rounded = BigInt.asUintN(64, rounded + THOUSAND / 2n) / THOUSAND;
    if (rounded <= MOST_ROUNDED) break;
  }
  return `${form === "column" ? String(rounded).padStart(4) : rounded}${suffix}`;
}
