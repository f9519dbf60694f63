/** The 64 bits that C's strtoul with base 0 makes of a text's start, and what follows; a minus counts down from zero. No digits are 0. */
export function strtoul(text: string): { readonly value: bigint; readonly rest: string } {
  const [all = "", sign, digits] = /^[ \t-\r]*([-+]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(text) ?? [];
  if (digits === undefined) return { value: 0n, rest: text };
  const most = (1n << 64n) - 1n;
  const found = digits.length > 64 ? most : BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = found < most ? found : most;
  return { value: BigInt.asUintN(64, sign === "-" && found <= most ? -value : value), rest: text.slice(all.length) };
}

/** A C `long long` at the start of a text, as atoll reads it: 0 without digits, and the nearest there is where it does not fit. */
export function atoll(text: string): bigint {
  const [, sign, digits] = /^[ \t-\r]*([-+]?)(\d{1,400})/.exec(text) ?? [];
  if (digits === undefined) return 0n;
  const most = sign === "-" ? 1n << 63n : (1n << 63n) - 1n;
  const found = BigInt(digits);
  const value = found < most ? found : most;
  return sign === "-" ? -value : value;
}
