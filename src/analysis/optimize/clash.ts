import type { BitsLiteral, NameLiteral } from "./literal.ts";

/** Does some pair clash? */
export function clashes<T>(a: readonly T[], b: readonly T[], clash: (a: T, b: T) => boolean): boolean {
  for (const one of a) for (const other of b) if (clash(one, other)) return true;
  return false;
}

/** Can two tests of a name not both hold? */
export function namesClash(a: NameLiteral, b: NameLiteral): boolean {
  if (a.field !== b.field || (a.negated && b.negated)) return false;
  if (a.negated) return namesClash(b, a);
  if (b.negated) return b.prefix ? a.text.startsWith(b.text) : !a.prefix && a.text === b.text;
  if (a.prefix && b.prefix) return !a.text.startsWith(b.text) && !b.text.startsWith(a.text);
  if (a.prefix) return !b.text.startsWith(a.text);
  return b.prefix ? !a.text.startsWith(b.text) : a.text !== b.text;
}

/** Can two tests of bits not both hold? */
export function bitsClash(a: BitsLiteral, b: BitsLiteral): boolean {
  if (a.field !== b.field || (a.negated && b.negated)) return false;
  if (a.negated) return bitsClash(b, a);
  const [mask, value, otherMask, otherValue] = [BigInt(a.mask), BigInt(a.value), BigInt(b.mask), BigInt(b.value)];
  if (b.negated) return (otherMask & ~mask) === 0n && (value & otherMask) === otherValue;
  return ((value ^ otherValue) & mask & otherMask) !== 0n;
}
