/** A number in hexadecimal at the start of a text, as C's strtol reads it; undefined without digits. */
function leadingHex(text: string, from: number): { readonly value: number; readonly end: number } | undefined {
  const found = HEX.exec(text.slice(from, from + LONGEST));
  if (!found) return undefined;
  const [all, sign, digits = "0"] = found;
  const value = Number.parseInt(digits, 16);
  return { value: sign === "-" ? -value : value, end: from + all.length };
}

const HEX = /^[ \t-\r]*([-+]?)(?:0x(?=[0-9a-f]))?([0-9a-f]+)/i;
const LONGEST = 64;

/**
 * The order of `-sorted`: numbers read as hexadecimal one after the other, of one network the longer prefix first, names by length and then letters.
 * libipset: session.c, bystrcmp.
 */
export function compareEntries(one: string, two: string): number {
  let a = 0;
  let b = 0;
  let sign = 1;
  while (a < one.length && b < two.length) {
    const x = leadingHex(one, a);
    const y = leadingHex(two, b);
    if (!x || !y) {
      const m = nameLength(one, a);
      const n = nameLength(two, b);
      if (m === 0 && n === 0) return compareText(one.slice(a), two.slice(b));
      if (m !== n) return m < n ? -1 : 1;
      const order = compareText(one.slice(a, a + m), two.slice(b, b + n));
      if (order !== 0) return order;
      a += m + 1;
      b += n + 1;
      sign = 1;
      continue;
    }
    if (x.value !== y.value) return sign * (x.value - y.value);
    const [p, q] = [one[x.end], two[y.end]];
    if (p === "/" || q === "/") {
      if (p !== q) return p === "/" ? 1 : -1;
      sign = -1;
    }
    a = x.end + 1;
    b = y.end + 1;
    if (one[a] === ":" || two[b] === ":") {
      if (one[a] !== two[b]) return one[a] === ":" ? -1 : 1;
      a++;
      b++;
    }
  }
  return a < one.length ? 1 : b < two.length ? -1 : 0;
}

/** Characters up to the next colon or comma. */
function nameLength(text: string, from: number): number {
  let end = from;
  while (end < text.length && text[end] !== ":" && text[end] !== ",") end++;
  return end - from;
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
