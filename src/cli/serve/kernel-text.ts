import type { LineCount } from "../../report/serve/index.ts";

/** Save text without counters, and the counters that it had. */
export interface Counted {
  readonly text: string;
  readonly counts: readonly LineCount[];
}

const RULE = /^\[(\d+):(\d+)\] (?=-)/;
const POLICY = /^(:.* )\[(\d+):(\d+)\]$/;

/**
 * Parts what `iptables-save -c` printed into rules, which stay the same while packets pass, and counters by line. Comments, which tell the
 * time, go. Linear.
 */
export function counted(printed: string): Counted {
  const lines: string[] = [];
  const counts: LineCount[] = [];
  for (const line of printed.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const rule = RULE.exec(line);
    const [, head, packets, bytes] = rule ? [rule, "", rule[1], rule[2]] : (POLICY.exec(line) ?? []);
    if (head === undefined || packets === undefined || bytes === undefined) {
      lines.push(line);
      continue;
    }
    lines.push(rule ? line.slice(rule[0].length) : `${head}[0:0]`);
    if (packets !== "0" || bytes !== "0") counts.push([lines.length, packets, bytes]);
  }
  return { text: lines.map(line => `${line}\n`).join(""), counts };
}
