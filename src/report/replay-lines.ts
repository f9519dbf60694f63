import { printable } from "./printable.ts";
import { droppedText, endsText, protocolText } from "./replay-session-text.ts";
import type { Dropper } from "./replay-dropper.ts";
import type { ReplaySummary, ReplayVerdict } from "./replay-summary.ts";
import type { Amount } from "./replay-tally.ts";
import { bar, count, counted, moment, share, size, span, table } from "./replay-text.ts";
import { accent, dim, plain, strong, type Line, type Span, type Tone } from "./span.ts";
import { timeline } from "./timeline.ts";
import { ruleWords } from "./rule-words.ts";

/** How to show a summary. */
export interface ReplayDetail {
  /** Of the terminal, in columns. */
  readonly width: number;
  /** False for a terminal that shows ASCII only. */
  readonly unicode: boolean;
  /** Rows of each table, at most. */
  readonly top: number;
}

/** A replay's summary for people, as sections with a blank line between them. */
export function replayLines(summary: ReplaySummary, detail: ReplayDetail): Line[] {
  const sections = [
    captureLines(summary),
    verdictsLines(summary, detail),
    plotLines(summary, detail),
    dropperLines(summary, detail),
    droppedLines(summary, detail),
    restLines(summary, detail),
    assumedLines(summary),
  ];
  return sections.filter(lines => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : [[], ...lines]));
}

/** A named line: `Capture     12,345 packets …`. */
const named = (name: string, text: string, tone: Tone = "plain"): Line => [strong(name.padEnd(12)), { text: printable(text), tone }];

function captureLines({ capture, skipped, entered, sent, filled, completed, merged, ruleless }: ReplaySummary): Line[] {
  const { packets, bytes, first, last, faults, faultCount, stepsBack } = capture;
  const lines: Line[] = [];
  const time = first === undefined || last === undefined ? "" : ` in ${span(last - first)}, from ${moment(first)}`;
  lines.push(named("Capture", `${counted(packets, "packet")}, ${size(bytes)} (${counted(bytes, "byte")})${time}`));
  const ways = [
    ...entered.map(([device, amount]) => `${count(amount.packets)} came in on ${device}`),
    ...(sent.packets > 0 ? [`${count(sent.packets)} sent by this machine`] : []),
  ];
  if (ways.length > 0) lines.push(named("Way", ways.join(", ")));
  const skips = skipped.reduce((sum, [, amount]) => sum + amount.packets, 0);
  if (skips > 0)
    lines.push(named("Skipped", `${count(skips)}: ${skipped.map(([reason, amount]) => `${count(amount.packets)} ${reason}`).join(", ")}`));
  for (const family of [4, 6] as const)
    if (ruleless[family] > 0)
      lines.push(
        named(
          "No rules",
          `${counted(ruleless[family], `IPv${family} packet`)} met no rules, for only IPv${family === 4 ? 6 : 4} rules were given${family === 6 ? " (--v6)" : ""}`,
          "bad",
        ),
      );
  if (filled > 0) lines.push(named("Cut", `${counted(filled, "packet")} cut by the capture; what is missing counts as zeros`));
  if (completed > 0)
    lines.push(named("Checksums", `${counted(completed, "packet")} with a checksum that was left to the network card, taken as right`));
  if (merged > 0)
    lines.push(
      named(
        "Merged",
        `${counted(merged, "packet")} longer than a frame of their link: segments that its network card merged, or was to cut`,
      ),
    );
  if (stepsBack > 0)
    lines.push(named("Clock", `set back ${count(stepsBack)} time${stepsBack === 1 ? "" : "s"}: time went on from where it was`));
  for (const { offset, message } of faults) lines.push(named("Fault", `byte ${offset} of the capture: ${message}`, "bad"));
  if (faultCount > faults.length) lines.push(named("", `and ${count(faultCount - faults.length)} more`, "bad"));
  return lines;
}

const VERDICTS: readonly (readonly [verdict: ReplayVerdict, tone: Tone, meaning: string])[] = [
  ["delivered", "good", "to this machine"],
  ["forwarded", "good", "passed on"],
  ["sent", "good", "out of this machine"],
  ["dropped", "bad", "by a rule or a policy"],
  ["rejected", "bad", "by a rule, with an answer"],
  ["ignored", "dim", "dropped outside the rules"],
  ["queued", "accent", "a program would decide"],
  ["held", "dim", "fragments that wait for the rest of their packet"],
];

const BAR = 24;

function verdictsLines({ verdicts, answers }: ReplaySummary, { unicode }: ReplayDetail): Line[] {
  const shown = VERDICTS.filter(([verdict]) => verdicts[verdict].packets > 0);
  const all = shown.reduce((sum, [verdict]) => sum + verdicts[verdict].packets, 0);
  if (all === 0) return [[dim("No packet of the capture met the rules.")]];
  const cells = table(
    shown.map(([verdict]) => [
      verdict,
      count(verdicts[verdict].packets),
      size(verdicts[verdict].bytes),
      share(verdicts[verdict].packets, all),
    ]),
    [false, true, true, true],
  );
  const lines: Line[] = [[strong("Verdicts")]];
  for (const [index, [verdict, tone, meaning]] of shown.entries()) {
    const drawn = bar(verdicts[verdict].packets, all, BAR, unicode);
    lines.push([plain(`  ${cells[index]}  `), { text: drawn.padEnd(BAR), tone }, dim(`  ${meaning}`)]);
  }
  if (answers > 0) lines.push([plain(`  and ${counted(answers, "answer")} by the kernel itself`)]);
  return lines;
}

function plotLines({ timeline: data }: ReplaySummary, { width, unicode }: ReplayDetail): Line[] {
  if (data.buckets.length < 2) return [];
  let tone: Tone = "plain";
  const lines = timeline(data, { width: Math.min(width, 100) - 2, unicode })
    .split("\n")
    .map((text): Line => {
      if (text.startsWith("accepted")) tone = "good";
      else if (text.startsWith("dropped")) tone = "bad";
      const title = /^[ad]/.test(text);
      if (title) return [plain(`  ${text}`)];
      if (/^ *[└+][─-]/.test(text) && !text.includes("┤")) tone = "plain";
      return [{ text: `  ${text}`, tone }];
    });
  return [[strong("Over time")], ...lines];
}

function dropperLines({ droppers }: ReplaySummary, { top }: ReplayDetail): Line[] {
  if (droppers.length === 0) return [];
  const all = droppers.reduce((sum, { amount }) => sum + amount.packets, 0);
  const shown = droppers.slice(0, top);
  const cells = table(
    shown.map(({ amount }) => [count(amount.packets), size(amount.bytes), share(amount.packets, all)]),
    [true, true, true],
  );
  const lines: Line[] = [[strong("What dropped them")]];
  for (const [index, dropper] of shown.entries()) lines.push([plain(`  ${cells[index]}  `), ...byText(dropper)]);
  if (droppers.length > top)
    lines.push([dim(`  and ${count(amountOf(droppers.slice(top)))} packets by ${count(droppers.length - top)} others (--top)`)]);
  return lines;
}

const amountOf = (droppers: readonly { readonly amount: Amount }[]): number =>
  droppers.reduce((sum, { amount }) => sum + amount.packets, 0);

function byText({ decidedBy, at, reason }: Omit<Dropper, "amount">): Line {
  if (decidedBy === undefined) return [dim(printable(reason))];
  const { rule, table: name, chain, number } = decidedBy;
  const words = rule && ruleWords(rule);
  const text = words === undefined ? `the policy of ${name} ${chain}` : `${name} ${chain} rule ${number}: ${words}`;
  return at === undefined ? [plain(printable(text))] : [accent(printable(`${at.file}:${at.line}`)), plain(printable(`: ${text}`))];
}

/** The same in a few words. */
function byPlace({ decidedBy, at, reason }: Omit<Dropper, "amount">): Span {
  if (decidedBy === undefined) return dim(printable(reason));
  if (at === undefined) return plain(printable(`the policy of ${decidedBy.table} ${decidedBy.chain}`));
  return accent(printable(`${at.file}:${at.line}`));
}

function droppedLines({ sessions, capture }: ReplaySummary, { top }: ReplayDetail): Line[] {
  const { dropped, untold } = sessions;
  if (dropped.length === 0) return [];
  const shown = dropped.slice(0, top);
  const first = capture.first ?? 0n;
  const rows = shown.map(session => [
    droppedText(session),
    `+${span(session.time > first ? session.time - first : 0n)}`,
    endsText(session),
  ]);
  const cells = table(rows, [true, true, false]);
  const all = dropped.length + untold;
  const title = all > shown.length ? `Sessions that lost packets (${shown.length} of ${count(all)})` : "Sessions that lost packets";
  const lines: Line[] = [[strong(title), dim("  packets lost, first after, client > server")]];
  const width = Math.max(...cells.map(cell => [...cell].length));
  for (const [index, { by }] of shown.entries()) lines.push([plain(`  ${(cells[index] ?? "").padEnd(width)}  `), byPlace(by)]);
  if (untold > 0) lines.push([dim(`  of those that lost packets, only the first ${count(dropped.length)} are told apart`)]);
  const [worst] = shown;
  if (worst) lines.push([dim(`  Ask why: ferrule trace RULES '${worst.packet.replace(/'/g, "")}'`)]);
  return lines;
}

function restLines({ sessions, translations, logged, unwritten }: ReplaySummary, { top }: ReplayDetail): Line[] {
  const lines: Line[] = [];
  const protocols = [...sessions.seen].toSorted(([, a], [, b]) => b - a);
  const seen = protocols.reduce((sum, [, number]) => sum + number, 0);
  if (seen > 0) {
    const parts = protocols.map(([protocol, number]) => `${count(number)} ${protocolText(protocol)}`);
    lines.push(named("Sessions", `${sessions.inexact ? "about " : ""}${count(seen)} seen: ${parts.join(", ")}`));
  }
  for (const [index, { manip, from, to, sessions: number }] of translations.slice(0, top).entries())
    lines.push(named(index === 0 ? "Translated" : "", `${manip} ${from} to ${to}: ${counted(number, "session")}`));
  if (translations.length > top) lines.push(named("", `and ${count(translations.length - top)} more`, "dim"));
  const { lines: logs, first } = logged;
  if (logs > 0) lines.push(named("Logged", `${counted(logs, "line")}; the first: ${first[0]?.text ?? ""}`));
  if (unwritten > 0)
    lines.push(named("Not written", `${counted(unwritten, "answer")}, for which the capture's link type has no header`, "bad"));
  return lines;
}

function assumedLines({ assumed }: ReplaySummary): Line[] {
  if (assumed.length === 0) return [];
  return [
    [dim("Assumed, for no host was given (--host, --if, --route):")],
    ...assumed.map((sentence): Line => [dim(`  ${printable(sentence)}`)]),
  ];
}
