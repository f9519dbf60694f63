import { quoteArgument } from "./numbers.ts";
import type { Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/**
 * One line of text that the kernel keeps in a fixed buffer: cut, with a warning, to `bytes` of UTF-8. iptables cuts in the middle
 * of a character if it must; here the character goes. libxtables: xtopt_parse_string.
 */
export const boundedText = (bytes: number, options: { readonly newlines?: string } = {}): Value<string> => ({
  shape: "text",
  parse(text, { extension, option, warn }) {
    if (text === "") throw new UsageError("Argument must have a minimum length of 1 characters");
    if (options.newlines !== undefined && text.includes("\n")) throw new UsageError(options.newlines);
    const kept = cutBytes(text, bytes);
    if (kept !== text) warn(`${extension}: the text of "--${option}" is cut to ${bytes} bytes: "${kept}"`);
    return kept;
  },
  print: quoteArgument,
});

/** The longest start of a text that fits into `bytes` of UTF-8. */
export function cutBytes(text: string, bytes: number): string {
  let used = 0;
  let end = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    used += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (used > bytes) return text.slice(0, end);
    end += char.length;
  }
  return text;
}
