/** The name behind the first letter of a line `*TABLE` or `:CHAIN …`; undefined for none. */
export function lineName(text: string): string | undefined {
  return text
    .slice(1)
    .split(/[ \t]+/)
    .find(word => word !== "");
}

/** A rule line: its words from a column on (from 0), and the counters before them. */
export interface CountedLine {
  readonly words: string;
  readonly from: number;
  readonly counters: { readonly packets: string; readonly bytes: string } | undefined;
}

/** A line whose counters are cut off, or the sign that they lack. iptables: xshared.c, tokenize_rule_counters. */
export function countedLine(text: string): CountedLine | "]" | ":" {
  if (!text.startsWith("[")) return { words: text, from: 0, counters: undefined };
  const close = text.indexOf("]");
  if (close < 0) return "]";
  // The C library's strtok, which iptables asks, looks for the colon in the whole line, and cuts the line there.
  const pair = /^:*([^:]+):(?:\]*([^\]]+))/.exec(text.slice(1));
  if (!pair) return /[^:]/.test(text.slice(1)) ? "]" : ":";
  const colon = text.indexOf(":", text.search(/[^[:]/));
  return {
    words: colon > close ? text.slice(0, colon) : text,
    from: close + 1,
    counters: { packets: pair[1] ?? "", bytes: pair[2] ?? "" },
  };
}
