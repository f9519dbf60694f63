import type { RulePlace, TraceEvent } from "../engine/index.ts";
import type { Value } from "../predicate/index.ts";
import type { Rule } from "../ruleset/index.ts";
import { packetText } from "./packet-text.ts";
import { printable } from "./printable.ts";
import { accent, bad, dim, good, indent, plain, strong, type Line } from "./span.ts";
import { expectationText, trackingText } from "./tracking-text.ts";
import { fieldName, showValue } from "./value.ts";
import { whyNot } from "./wanted.ts";
import { ruleWords } from "./rule-words.ts";

/** How much of a trace is told. */
export interface TraceDetail {
  /** Every rule that did not match, also in long chains. */
  readonly all: boolean;
  /** Columns for a line; the reason moves to a line of its own where it does not fit. */
  readonly width: number;
}

/** Rules that did not match are told one by one up to this many in a row; of longer runs only the last few. */
const MOST_MISSES = 12;
const LAST_MISSES = 4;

type Tested = Extract<TraceEvent, { event: "rule" }>;

/** Events from one packet's way as lines, from the packet itself to its end. An answer that the kernel makes is told in one line unless `all`. */
export function traceLines(events: readonly TraceEvent[], detail: TraceDetail): Line[] {
  const lines: Line[] = [];
  const depth: string[] = [];
  let misses: Tested[] = [];
  let packets = 0;
  // What is being told of beside the packet itself.
  let beside: "answer" | "copy" | undefined;
  let rejected = false;
  let decided = false;
  // A table without rules and with policy ACCEPT is not worth a line: its name waits for what comes next.
  let table: Line | undefined;
  const put = (line: Line): number => lines.push(indent(line, packets > 1 ? 2 : 0));
  const column = (): number => 4 + Math.max(0, depth.length - 1) * 2;
  const flush = (): void => {
    const shown = detail.all || misses.length <= MOST_MISSES ? misses : misses.slice(-LAST_MISSES);
    if (shown.length < misses.length)
      put([
        dim(`${" ".repeat(column())}   … ${misses.length - shown.length} rules did not match: ${reasons(misses.slice(0, -LAST_MISSES))}`),
      ]);
    for (const miss of shown) for (const line of missLines(miss, column(), detail)) put(line);
    misses = [];
  };
  for (const event of events) {
    if (event.event !== "rule" || event.result.matched) flush();
    if (table !== undefined && event.event !== "policy") table = void put(table);
    if ((packets > 1 || beside !== undefined) && !detail.all && !TOLD_OF_ANSWERS.has(event.event)) continue;
    switch (event.event) {
      case "packet":
        packets++;
        depth.length = 0;
        if (packets > 1 && detail.all)
          put([dim(`${event.from === "kernel" ? "made by the kernel" : "again"}: ${packetText(event.bytes)}`)]);
        break;
      case "hook":
        put([strong(event.hook.padEnd(12)), dim(interfaces(event.in, event.out))]);
        break;
      case "table":
        depth.length = 0;
        depth.push(event.hook);
        table = [accent(`  ${event.table}`), dim(` ${event.hook}`)];
        break;
      case "rule":
        if (event.result.matched) for (const line of hitLines(event, column(), detail)) put(line);
        else if (event.result.hotdrop)
          put([plain(`${" ".repeat(column())}${ruleText(event)}  `), bad(`drops the packet at once: ${why(event)}`)]);
        else misses.push(event);
        break;
      case "jump":
        if (event.goto) depth.pop();
        depth.push(event.chain);
        put([plain(" ".repeat(column() - 2)), dim(`${printable(event.chain)}:`)]);
        break;
      case "return":
        depth.pop();
        if (event.to !== undefined) put([plain(" ".repeat(column())), dim(`back to ${printable(event.to)}`)]);
        break;
      case "policy": {
        decided ||= event.verdict === "DROP" && packets <= 1;
        const empty = table !== undefined;
        if (empty && event.verdict === "ACCEPT" && !detail.all) {
          table = undefined;
          break;
        }
        if (table !== undefined) table = void put(table);
        put([plain(" ".repeat(column())), PAD, event.verdict === "DROP" ? strong("policy DROP") : dim("policy ACCEPT")]);
        break;
      }
      case "tracking":
        put([plain("  tracking  "), plain(trackingText(event))]);
        break;
      case "expect":
        put([plain("  foreseen  "), plain(expectationText(event))]);
        break;
      case "rewrite":
        put([plain(" ".repeat(column())), PAD, plain(rewriteText(event)), dim(` (${event.by})`)]);
        break;
      case "route":
        put([strong("routing".padEnd(12)), plain(routeText(event))]);
        break;
      case "log":
        put([plain(" ".repeat(column())), PAD, dim("log: "), plain(printable(event.line.trimEnd()))]);
        break;
      case "answer":
        beside = "answer";
        lines.push([strong("answer".padEnd(12)), plain(packetText(event.bytes)), dim(`  (${event.kind})`)]);
        break;
      case "copy":
        beside = "copy";
        lines.push([
          strong("copy".padEnd(12)),
          plain(packetText(event.bytes)),
          dim(`  (to ${showValue("daddr", event.gateway, typeof event.gateway === "bigint" ? 6 : 4)})`),
        ]);
        break;
      case "effect":
        put([plain(" ".repeat(column())), PAD, plain(printable(event.said ?? event.about))]);
        break;
      case "no-answer":
        lines.push([strong("no answer".padEnd(12)), plain(`${event.kind}: ${event.reason}`)]);
        break;
      case "defragment":
        put([plain(`  fragments ${event.done ? `put together: ${event.length} bytes` : "held back until the others come"}`)]);
        break;
      case "fragment":
        put([plain(`  fragments ${event.pieces} pieces for an MTU of ${event.mtu}`)]);
        break;
      case "dropped":
        // Of the packet itself the verdict below tells; of an answer or a copy only this line does.
        if (beside !== undefined || packets > 1) put([bad(`  the ${beside ?? "answer"} is dropped`), plain(`  ${event.reason}`)]);
        else if (!rejected && !decided) put([bad("dropped".padEnd(12)), plain(event.reason)]);
        beside = undefined;
        break;
      case "delivered":
        put([good("delivered".padEnd(12)), plain(packetText(event.bytes))]);
        break;
      case "emitted":
        put(
          beside !== undefined
            ? [plain("  leaves by "), plain(printable(event.device))]
            : [good("leaves".padEnd(12)), plain(`${printable(event.device)}: ${packetText(event.bytes)}`)],
        );
        beside = undefined;
        break;
      case "verdict":
        rejected ||= event.verdict === "reject";
        decided ||= event.verdict === "drop" && packets <= 1;
        break;
      case "confirm":
        break;
    }
  }
  flush();
  return lines;
}

/** `destination 198.51.100.2 becomes 192.168.1.10` */
export function rewriteText({ field, from, to }: Extract<TraceEvent, { event: "rewrite" }>): string {
  const shown = (value: Value): string => printable(showValue(field, value, typeof value === "bigint" ? 6 : 4));
  return `${fieldName(field)} ${shown(from)} becomes ${shown(to)}`;
}

/** Where routing sends a packet: `forwarded to wan0 via 198.51.100.1`. */
export function routeText({ decision, device, gateway, reason }: Extract<TraceEvent, { event: "route" }>): string {
  const by = `${printable(device)}${gateway === undefined ? "" : ` via ${showValue("daddr", gateway, typeof gateway === "bigint" ? 6 : 4)}`}`;
  switch (decision) {
    case "local":
      return `for this host${reason === "unicast" ? "" : ` (${reason})`}`;
    case "forward":
      return `forwarded to ${by}`;
    case "output":
      return `leaves by ${by}${reason === "unicast" ? "" : ` (${reason})`}`;
    case "none":
      return reason;
  }
}

/** What is told of a packet that the kernel made, when not everything is. */
const TOLD_OF_ANSWERS: ReadonlySet<TraceEvent["event"]> = new Set(["packet", "answer", "copy", "no-answer", "dropped", "emitted"]);

const PAD = plain("    ");

const interfaces = (input: string, output: string): string =>
  [input && `in ${printable(input)}`, output && `out ${printable(output)}`].filter(Boolean).join(", ");

/** `filter INPUT 6`, or `filter INPUT policy`. */
export const placeText = ({ table, chain, number }: RulePlace): string =>
  `${table} ${printable(chain)} ${number === 0 ? "policy" : `rule ${number}`}`;

/** `firewall.rules:12`; the file alone where the line is not known. */
export const positionText = ({ at }: Pick<Rule, "at">): string => printable(at.line === 0 ? at.file : `${at.file}:${at.line}`);

const saved = (rule: Rule): string => printable(ruleWords(rule));

const ruleText = ({ place, rule }: Tested): string => `${String(place.number).padStart(3)} ${saved(rule)}`;

function why({ result, place }: Tested): string {
  return result.matched ? "matches" : printable(whyNot(result.failure.wanted, result.failure.value, place.family));
}

function missLines(tested: Tested, column: number, { width }: TraceDetail): Line[] {
  const rule = `${" ".repeat(column)}${ruleText(tested)}`;
  const reason = why(tested);
  if (Math.max(rule.length, REASON_COLUMN) + 2 + reason.length <= width) return [[dim(rule.padEnd(REASON_COLUMN)), dim(`  ${reason}`)]];
  return [[dim(rule)], [dim(`${" ".repeat(column + 7)}${reason}`)]];
}

const REASON_COLUMN = 60;

function hitLines(tested: Tested, column: number, { width }: TraceDetail): Line[] {
  const rule = `${" ".repeat(column - 2)}▸ ${ruleText(tested)}`;
  const action = tested.rule.target?.action.do;
  const result = action === "jump" || action === "goto" ? "goes there" : "matches";
  const at = positionText(tested.rule);
  if (Math.max(rule.length, REASON_COLUMN) + 4 + result.length + at.length <= width)
    return [[strong(rule.padEnd(REASON_COLUMN)), strong(`  ${result}`), dim(`  ${at}`)]];
  return [[strong(rule)], [strong(`${" ".repeat(column + 7)}${result}`), dim(`  ${at}`)]];
}

/** What kept a run of rules from matching, counted by field. */
function reasons(misses: readonly Tested[]): string {
  const counts = new Map<string, number>();
  for (const { result } of misses) {
    if (result.matched) continue;
    const field = result.failure.field;
    const name = field === undefined ? "other" : fieldName(field);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
