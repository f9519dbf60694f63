/** A C `long long` at the start of a text, as atoll reads it: 0 without digits, and the nearest there is where it does not fit. */
export function atoll(text: string): bigint {
  const [, sign, digits] = /^[ \t-\r]*([-+]?)(\d{1,400})/.exec(text) ?? [];
  if (digits === undefined) return 0n;
  const most = sign === "-" ? 1n << 63n : (1n << 63n) - 1n;
  const found = BigInt(digits);
  const value = found < most ? found : most;
  return sign === "-" ? -value : value;
}
