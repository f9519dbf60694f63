/**
 * Text from rules, captures and logs as a terminal may show it: control characters, escape sequences, line breaks and the characters that turn
 * the direction of writing are written as `\x1b` or `\u202e`. Tabs become `\x09`.
 */
export const printable = (text: string): string =>
  escaped(text, code => (code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : unicode(code)));

/** The same for text of several lines: line breaks stay. */
export const printableLines = (text: string): string => text.split("\n").map(printable).join("\n");

/** A value as indented JSON that a terminal may show: characters that printable hides are written as `\u202e`, which means the same. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .split("\n")
    .map(line => escaped(line, unicode))
    .join("\n");

const unicode = (code: number): string => `\\u${code.toString(16).padStart(4, "0")}`;

function escaped(text: string, written: (code: number) => string): string {
  let shown = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isHidden(code)) continue;
    shown += text.slice(from, at) + written(code);
    from = at + 1;
  }
  return from === 0 ? text : shown + text.slice(from);
}

function isHidden(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    code === 0x061c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x2069) ||
    code === 0xfeff
  );
}
