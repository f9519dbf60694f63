import { mask4 } from "../packet/index.ts";

/** An IPv4 address and mask in their one canonical spelling, as iptables-save writes them. */
export interface Quad {
  readonly address: number;
  readonly mask: number;
}

/**
 * `10.0.0.0/8` or `10.0.0.1` in plain decimal with no bits outside the mask: what nearly every rule of a saved ruleset has, read in one pass
 * over the text from one offset to another. Undefined for anything that takes more thought, from `any/0` to octal parts.
 */
export function parseQuad(text: string, from = 0, to: number = text.length): Quad | undefined {
  let address = 0;
  let parts = 0;
  let value = -1;
  let i = from;
  for (; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      // A leading zero would be octal.
      if (value === 0) return undefined;
      value = value < 0 ? digit : value * 10 + digit;
      if (value > 255) return undefined;
    } else if (digit === DOT && value >= 0 && parts < 3) {
      address = address * 256 + value;
      parts++;
      value = -1;
    } else break;
  }
  if (parts !== 3 || value < 0) return undefined;
  address = address * 256 + value;
  if (i === to) return { address, mask: 0xffffffff };
  const length = text.charCodeAt(i) === SLASH ? decimal(text, i + 1, to) : undefined;
  if (length === undefined || length > 32) return undefined;
  const mask = mask4(length);
  return (address & mask) >>> 0 === address ? { address, mask } : undefined;
}

const DOT = 46 - 48;
const SLASH = 47;

/** One or two digits without a leading zero, which end at `to`. */
function decimal(text: string, from: number, to: number): number | undefined {
  const first = text.charCodeAt(from) - 48;
  if (from >= to || !(first >= 0 && first <= 9)) return undefined;
  if (to === from + 1) return first;
  const second = text.charCodeAt(from + 1) - 48;
  return first > 0 && second >= 0 && second <= 9 && to === from + 2 ? first * 10 + second : undefined;
}
