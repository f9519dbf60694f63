import { UsageError } from "./usage.ts";
import type { ReadContext, Value } from "./option.ts";

/** An unsigned integer as C's strtoul with base 0 reads it: decimal, `0x` hexadecimal or `0` octal. `undefined` for anything else or above `max`. */
export function parseUnsigned(text: string, max: number): number | undefined {
  const value = parseUnsignedBig(text);
  return value === undefined || value > BigInt(max) ? undefined : Number(value);
}

/** The same without a limit, for 64-bit options. Text over 40 digits is refused. */
export function parseUnsignedBig(text: string): bigint | undefined {
  if (text.length > 42) return undefined;
  const digits = text.startsWith("+") ? text.slice(1) : text;
  if (/^0x[0-9a-f]+$/i.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return /^(0|[1-9]\d*)$/.test(digits) ? BigInt(digits) : undefined;
}

/** iptables' sentence for a value that an option cannot take. */
export const badValue = (text: string, { extension, option }: ReadContext): UsageError =>
  new UsageError(`${extension}: Bad value for "--${option}" option: "${text}"`);

/** An unsigned number up to `max`, printed in decimal. */
export const unsigned = (max: number, shape = "value"): Value<number> => ({
  shape,
  parse(text, context) {
    const value = parseUnsigned(text, max);
    if (value === undefined) throw badValue(text, context);
    return value;
  },
  print: String,
});

export const u8: Value<number> = unsigned(0xff);
export const u16: Value<number> = unsigned(0xffff);
export const u32: Value<number> = unsigned(0xffffffff);

/** `low[:high]`, either end may be left out (0 and `max`). Kernel-side order is the option's own affair. */
export const unsignedRange = (max: number, shape = "value[:value]"): Value<readonly [number, number]> => ({
  shape,
  parse(text, context) {
    const parts = text.split(":");
    if (parts.length > 2) throw badValue(text, context);
    const end = (part: string | undefined, missing: number): number =>
      part === undefined || part === "" ? missing : (parseUnsigned(part, max) ?? fail(text, context));
    const low = end(parts[0], 0);
    return [low, parts.length === 1 ? low : end(parts[1], max)];
  },
  print: ([low, high]) => (low === high ? `${low}` : `${low}:${high}`),
});

/** `0x1/0xff`; the mask defaults to all ones and is then not printed. */
export const maskedMark: Value<{ readonly value: number; readonly mask: number }> = {
  shape: "value[/mask]",
  parse(text, context) {
    const slash = text.indexOf("/");
    const value = parseUnsigned(slash < 0 ? text : text.slice(0, slash), 0xffffffff);
    const mask = slash < 0 ? 0xffffffff : parseUnsigned(text.slice(slash + 1), 0xffffffff);
    if (value === undefined || mask === undefined) throw badValue(text, context);
    return { value, mask };
  },
  print: ({ value, mask }) => `0x${value.toString(16)}${mask === 0xffffffff ? "" : `/0x${mask.toString(16)}`}`,
};

/** Any text, quoted by `quoteArgument` when saved. */
export const text = (maxBytes: number): Value<string> => ({
  shape: "text",
  parse(given, context) {
    if (utf8Length(given) > maxBytes)
      throw new UsageError(`${context.extension}: "--${context.option}" takes at most ${maxBytes} bytes, given ${utf8Length(given)}`);
    return given;
  },
  print: quoteArgument,
});

/**
 * Text as iptables-save writes it: bare when it consists of ASCII letters, digits, `_` and `-`, otherwise in double quotes with `"`, `'` and `\\`
 * escaped by a backslash. libxtables: xtables_save_string.
 */
export function quoteArgument(value: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(value)) return value;
  return `"${value.replace(/["'\\]/g, "\\$&")}"`;
}

function utf8Length(value: string): number {
  let bytes = 0;
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function fail(given: string, context: ReadContext): never {
  throw badValue(given, context);
}
