import { atLeast, findKind, type Applied, type FindingKind, type LintReport, type Unused } from "../analysis/lint/index.ts";
import type { Finding, Severity } from "../analysis/finding.ts";
import type { RulePointer, Witness } from "../analysis/witness.ts";
import { findingGroups, type FindingGroup } from "./finding-groups.ts";
import { printable } from "./printable.ts";
import { accent, bad, dim, plain, strong, type Line, type Span } from "./span.ts";
import { witnessText } from "./witness-text.ts";

/** How findings are shown. */
export interface LintDetail {
  /** Findings lighter than this are only counted. */
  readonly level: Severity;
  /** Columns for a line. */
  readonly width: number;
  /** The line of a file; undefined where it is not at hand. */
  source(file: string, line: number): string | undefined;
  /** Tell what comments allow, too. */
  readonly suppressed: boolean;
  /** Findings that say the same of different places are told one by one. */
  readonly verbose: boolean;
}

/** The report as lines: a paragraph for each finding, then the sum. */
export function lintLines({ findings, unused, assumptions }: LintReport, detail: LintDetail): Line[] {
  const shown = findings.filter(
    ({ severity, suppressed }) => atLeast(severity, detail.level) && (detail.suppressed || suppressed === undefined),
  );
  const told = new Map<string, number>();
  const lines: Line[] = [];
  for (const { first, others } of detail.verbose ? shown.map(alone) : findingGroups(shown)) {
    const before = told.get(first.code) ?? 0;
    told.set(first.code, before + 1);
    // The first few of a kind show what it is about; the others are a line each.
    if (before < MOST_IN_FULL) lines.push(...findingLines(first, detail), ...othersLine(others, first), []);
    else {
      if (lines.at(-1)?.length === 0 && before > MOST_IN_FULL) lines.pop();
      lines.push(titleLine(first), ...othersLine(others, first), []);
    }
  }
  for (const each of unused) lines.push(unusedLine(each));
  const assumed: Line[] = assumptions.length === 0 ? [] : [[dim(`Assumed: ${printable(assumptions.join("; "))}.`)]];
  return [...lines, ...sumLines(findings, detail, shown[0]?.code), ...assumed];
}

const MOST_IN_FULL = 3;
const MOST_RELATED = 5;
const MOST_OTHERS = 4;

const alone = (first: Finding): FindingGroup => ({ first, others: [] });

/** Where else the same was found: the first few places. */
function othersLine(others: readonly Finding[], { at }: Finding): Line[] {
  if (others.length === 0) return [];
  const named = others.length <= MOST_OTHERS + 1 ? others : others.slice(0, MOST_OTHERS);
  const places = named.map(other => whereText(other.at, at));
  const rest = others.length - places.length;
  return [
    [
      strong(`  and ${others.length} more like it`),
      plain(`: ${places.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`),
      dim(" (--verbose tells each)"),
    ],
  ];
}

const titleLine = ({ code, severity, at, message, suppressed }: Finding): Line => [
  strong(placeText(at)),
  plain(": "),
  suppressed === undefined ? toned(severity) : dim(`allowed ${severity}`),
  plain(" "),
  accent(code),
  plain(` ${findKind(code)?.title ?? ""}: ${printable(message)}`),
];

function findingLines(finding: Finding, detail: LintDetail): Line[] {
  const { at, message, related, witness, fix, suppressed } = finding;
  const lines: Line[] = [titleLine(finding), ...excerpt(at, message, detail)];
  for (const pointer of related.slice(0, MOST_RELATED))
    lines.push([dim(`  see ${whereText(pointer, at)}: `), plain(cut(pointer.text, detail.width - 8))]);
  if (related.length > MOST_RELATED) lines.push([dim(`  and ${related.length - MOST_RELATED} more`)]);
  if (witness) lines.push([dim("  shown by: "), plain(shownText(witness))]);
  if (fix) lines.push([dim("  fix: "), plain(printable(fix.about))]);
  if (suppressed !== undefined) lines.push([dim(`  allowed: ${printable(suppressed === "" ? "no reason given" : suppressed)}`)]);
  return lines;
}

const TONES: Readonly<Record<Severity, (text: string) => Span>> = { error: bad, warning: accent, info: dim };

const toned = (severity: Severity): Span => TONES[severity](severity === "info" ? "note" : severity);

function placeText({ family, table, chain, number, file, line }: RulePointer): string {
  if (line > 0) return `${printable(file)}:${line}`;
  const where = `ipv${family} ${table} ${printable(chain)}${number === undefined ? "" : ` rule ${number}`}`;
  return file === "" ? where : `${printable(file)}: ${where}`;
}

/** A rule that belongs to a finding, shortly: the file is named where it is another one. */
function whereText({ table, chain, number, file, line }: RulePointer, at: RulePointer): string {
  const place = line === 0 ? "" : file === at.file ? `line ${line}, ` : `${printable(file)}:${line}, `;
  const inTable = table === at.table ? "" : ` of ${table}`;
  return `${place}${printable(chain)}${inTable}${number === undefined ? "" : ` rule ${number}`}`;
}

/** The line of the file with what it is about underlined; without the file the rule itself. */
function excerpt(at: RulePointer, message: string, { source, width }: LintDetail): Line[] {
  const text = source(at.file, at.line)?.trim();
  if (text === undefined || text === "") return at.line === 0 && at.number === undefined ? [] : [[plain(`  ${cut(at.text, width - 2)}`)]];
  const shown = cut(text, width - 2);
  const [from, length] = marked(shown, message);
  return [[plain(`  ${shown}`)], [dim(`  ${" ".repeat(from)}${"^".repeat(length)}`)]];
}

/** Where the line has what the message begins with; else what the rule does; else all of it. */
function marked(line: string, message: string): readonly [from: number, length: number] {
  const word = message.split(" ", 1)[0] ?? "";
  const bounded = (at: number): boolean => AROUND.includes(line.charAt(at - 1)) && AROUND.includes(line.charAt(at + word.length));
  let at = word.length < 3 ? -1 : line.indexOf(word);
  while (at >= 0 && !bounded(at)) at = line.indexOf(word, at + 1);
  if (at >= 0) return [at, word.length];
  const target = Math.max(line.indexOf("-j "), line.indexOf("-g "));
  return target >= 0 ? [target, line.length - target] : [0, line.length];
}

/** What may stand before and behind what is marked; nothing at the ends of a line. */
const AROUND: readonly string[] = ["", " ", "\t", ",", '"', "'", "/", "="];

function cut(text: string, width: number): string {
  const shown = printable(text);
  const room = Math.max(20, width);
  return shown.length > room ? `${shown.slice(0, room - 1)}…` : shown;
}

const CLAIMS: Readonly<Record<Witness["claim"], string>> = {
  usable: "the session works",
  "half-open": "the session stays half open",
  refused: "the session is refused",
  accepted: "accepted",
  dropped: "dropped",
  rejected: "rejected",
};

function shownText(witness: Witness): string {
  const { claim, depends } = witness;
  const conditions = depends.map(({ about: condition, holds }) => `${holds ? "when" : "unless"} ${printable(condition)}`);
  const when = conditions.length === 0 ? "" : `, ${conditions.join(" and ")}`;
  return `${printable(witnessText(witness))} (${CLAIMS[claim]}${when})`;
}

const unusedLine = ({ file, line, codes }: Unused): Line => [
  strong(`${printable(file)}:${line}`),
  plain(`: the comment allows ${codes.join(", ")}, which was not found`),
];

function sumLines(findings: readonly Finding[], { level, suppressed }: LintDetail, code: string | undefined): Line[] {
  const open = findings.filter(finding => finding.suppressed === undefined);
  const count = (severity: Severity, one: string, many: string): string[] => {
    const number = open.filter(finding => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  };
  const counts = [...count("error", "error", "errors"), ...count("warning", "warning", "warnings"), ...count("info", "note", "notes")];
  const allowed = findings.length - open.length;
  const hidden = open.some(({ severity }) => !atLeast(severity, level));
  const tips = [
    ...(hidden ? ["--level info shows the notes"] : []),
    ...(allowed > 0 && !suppressed ? ["--allowed shows what comments allow"] : []),
    ...(code === undefined ? [] : [`--explain ${code} says more`]),
  ];
  const sum = counts.length === 0 ? "no findings" : counts.join(", ");
  const also = allowed === 0 ? "" : `, ${allowed} allowed by comments`;
  return [[strong(`${sum}${also}`), dim(tips.length === 0 ? "" : ` (${tips.join("; ")})`)]];
}

/** One kind of finding, for `--explain`. */
export function kindLines({ code, title, severity, why, example, mend }: FindingKind): Line[] {
  return [
    [accent(code), plain(" "), strong(title), dim(` (${severity === "info" ? "note" : severity})`)],
    [],
    ...wrapped(why),
    [],
    [plain("For example:")],
    ...example.map((line): Line => [plain(`  ${line}`)]),
    [],
    ...wrapped(mend),
  ];
}

const COLUMNS = 100;

function wrapped(text: string): Line[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > COLUMNS) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].map((each): Line => [plain(each)]);
}

/** What `--fix` did and what it left. */
export function fixLines(applied: readonly Applied[], left: readonly Finding[]): Line[] {
  return [
    ...applied.map(({ finding, fix }): Line => [
      strong(placeText(finding.at)),
      plain(": "),
      accent(finding.code),
      plain(` ${printable(fix.about)}`),
    ]),
    ...left.map(({ at, code, fix }): Line => [
      strong(placeText(at)),
      plain(": "),
      accent(code),
      dim(` not done, because another fix changes the same rule: ${printable(fix?.about ?? "")}`),
    ]),
  ];
}
