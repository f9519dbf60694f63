/** A floating point number at the start of a text, and what follows it. */
export interface ScannedDouble {
  readonly value: number;
  readonly rest: string;
}

/**
 * The number that a text starts with as C's strtod reads it in the C locale: blanks, a sign, then decimal digits with a point and an exponent,
 * the same in hexadecimal after `0x`, `inf`, `infinity` or `nan`. Undefined without one.
 */
export function scanDouble(text: string): ScannedDouble | undefined {
  const [head = "", sign] = /^[ \t-\r]*([-+]?)/.exec(text) ?? [];
  const tail = text.slice(head.length);
  const found = word(tail) ?? hexadecimal(tail) ?? decimal(tail);
  return found && { value: sign === "-" ? -found.value : found.value, rest: tail.slice(found.length) };
}

interface Found {
  readonly value: number;
  readonly length: number;
}

function word(text: string): Found | undefined {
  const [infinity] = /^inf(?:inity)?/i.exec(text) ?? [];
  if (infinity !== undefined) return { value: Infinity, length: infinity.length };
  const [nan] = /^nan(?:\(\w*\))?/i.exec(text) ?? [];
  return nan === undefined ? undefined : { value: NaN, length: nan.length };
}

function decimal(text: string): Found | undefined {
  const [digits] = /^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/i.exec(text) ?? [];
  return digits === undefined ? undefined : { value: Number(digits), length: digits.length };
}

function hexadecimal(text: string): Found | undefined {
  const [all, whole = "", point = "", exponent = "0"] = /^0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([-+]?\d+))?/i.exec(text) ?? [];
  if (all === undefined || whole + point === "") return undefined;
  let value = 0;
  for (const digit of whole + point) value = value * 16 + Number.parseInt(digit, 16);
  return { value: value * 2 ** (Number(exponent) - 4 * point.length), length: all.length };
}
