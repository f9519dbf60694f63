import { isAside, type Change, type DiffReport, type DiffRow, type Fate } from "../analysis/diff/index.ts";
import { interfacesText, PATH_WORDS, pointerText, servicesText } from "./policy-words.ts";
import { printable } from "./printable.ts";
import { accent, bad, dim, good, plain, strong, type Line, type Span } from "./span.ts";
import { witnessText } from "./witness-text.ts";

/** How much of a comparison is shown. */
export interface DiffDetail {
  /** Every class, not the first ones of each section, and those of packets aside from sessions one by one. */
  readonly all: boolean;
}

/** Classes of one section that are shown without being asked for. */
const ROWS_SHOWN = 40;

/** What a change opens and closes, for a terminal: a sentence, then each class with a witness and the rules on both sides. */
export function diffLines(report: DiffReport, { all }: DiffDetail): Line[] {
  const lines = headLines(report, all);
  for (const rows of sections(report.rows)) {
    const [first] = rows;
    if (first === undefined) continue;
    const family = report.compared === "families" ? "" : `IPv${first.family}, `;
    lines.push([], [accent(`${family}${PATH_WORDS[first.path]}`)]);
    const told = all ? rows : rows.filter(row => !isAside(row));
    for (const row of all ? told : told.slice(0, ROWS_SHOWN)) lines.push(...rowLines(row, report));
    if (!all && told.length > ROWS_SHOWN) lines.push([dim(`… and ${classes(told.length - ROWS_SHOWN)} (--all shows them)`)]);
    if (!all) lines.push(...asideLines(rows.filter(isAside)));
  }
  if (report.left > 0) lines.push([], [dim(`… and ${classes(report.left)} that differ`)]);
  if (report.assumptions.length > 0) lines.push([], [dim(`Assumed: ${printable(report.assumptions.join("; "))}.`)]);
  return lines;
}

const classes = (count: number): string => (count === 1 ? "1 more class" : `${count} more classes`);

/** Packets aside from sessions, a line for each kind of change. */
function asideLines(rows: readonly DiffRow[]): Line[] {
  return (["RELATED", "INVALID"] as const).flatMap(state =>
    CHANGES.flatMap((change): Line[] => {
      const found = rows.filter(row => row.state === state && row.change === change);
      if (found.length === 0) return [];
      const count = found.length === 1 ? "1 class" : `${found.length} classes`;
      return [[mark(change, ` ${ASIDE[state]} ${PASSES[change]}`), dim(`: ${count} (--all shows them)`)]];
    }),
  );
}

const CHANGES: readonly Change[] = ["opens", "closes", "changes"];
const ASIDE = {
  RELATED: "RELATED packets (errors, and connections that helpers expect)",
  INVALID: "packets that tracking calls INVALID",
} as const;
const PASSES: Readonly<Record<Change, string>> = { opens: "now pass", closes: "no longer pass", changes: "end otherwise" };

function headLines(report: DiffReport, all: boolean): Line[] {
  const { rows, left, undone, families, names, strict } = report;
  const [before, after] = names.map(printable);
  const lines: Line[] = [];
  const scope = report.compared === "families" ? "service by service" : families.map(family => `IPv${family}`).join(" and ");
  if (rows.length === 0 && left === 0) {
    if (undone.length === 0) {
      const also = strict ? ", with the same logging and marks" : "";
      const what = report.compared === "families" ? "offer the same services" : `let the same sessions and packets through${also}`;
      lines.push([good("equal"), plain(`: ${before} and ${after} ${what}, proven for all packets (${scope})`)]);
    } else lines.push([strong("no difference found"), plain(`, but not everything could be compared (${scope})`)]);
  } else {
    const told = all ? rows : rows.filter(row => !isAside(row));
    const parts = CHANGES.flatMap(change => {
      const count = told.filter(row => row.change === change).length;
      return count === 0 ? [] : [mark(change, ` ${count} ${DONE[report.compared][change]}`)];
    });
    const joined = parts.flatMap((part, index) => (index === 0 ? [part] : [plain(", "), part]));
    const aside =
      told.length < rows.length
        ? [plain(joined.length > 0 ? "; and packets aside from sessions" : "packets aside from sessions differ")]
        : [];
    const rest = left > 0 || undone.length > 0 ? "" : "; nothing else differs";
    lines.push([strong(`${before} → ${after}`), plain(": "), ...joined, ...aside, plain(`${rest} (${scope})`)]);
  }
  for (const { family, path, reason } of undone)
    lines.push([bad("not compared"), plain(`: IPv${family}, ${PATH_WORDS[path]}: ${printable(reason)}`)]);
  return lines;
}

const SIGN: Readonly<Record<Change, string>> = { opens: "+", closes: "-", changes: "~" };
const DONE: Readonly<Record<DiffReport["compared"], Readonly<Record<Change, string>>>> = {
  rulesets: { opens: "opened", closes: "closed", changes: "changed" },
  families: { opens: "more open over IPv6", closes: "more open over IPv4", changes: "otherwise" },
};

const mark = (change: Change, text: string): Span => {
  const said = `${SIGN[change]}${text}`;
  return change === "opens" ? good(said) : change === "closes" ? bad(said) : accent(said);
};

/** Rows by family and path, in the order in which they come. */
function sections(rows: readonly DiffRow[]): DiffRow[][] {
  const found = new Map<string, DiffRow[]>();
  for (const row of rows) {
    const key = `${row.family} ${row.path}`;
    const before = found.get(key);
    if (before) before.push(row);
    else found.set(key, [row]);
  }
  return [...found.values()];
}

function rowLines(row: DiffRow, { names, compared }: DiffReport): Line[] {
  const { change, certainty, before, after } = row;
  const lines: Line[] = [[mark(change, ` ${serviceText(row)}`), plain(classText(row))]];
  if (!certainty.sure) lines.push([dim("    depends  "), plain(printable(certainty.depends.join("; ")))]);
  const titles = compared === "families" ? names : (["before", "after"] as const);
  lines.push(...fateLine(titles[0], before), ...fateLine(titles[1], after));
  // Of two families each has a packet of its own: the one that gets through says more.
  const shown = compared === "families" && change === "closes" ? before.witness : (after.witness ?? before.witness);
  if (shown !== undefined) {
    const doubts = [before, after].flatMap(({ confirmation }) => (confirmation && !confirmation.confirmed ? [confirmation.reason] : []));
    const packet = witnessText(shown);
    lines.push([
      dim("    witness  "),
      plain(printable(packet)),
      ...(doubts.length > 0 ? [bad(`  not confirmed: ${printable(doubts.join("; "))}`)] : []),
    ]);
  }
  return lines;
}

/** The services of a row, or all that ended so before but for what earlier rows told of. */
const serviceText = ({ services, rest, before }: DiffRow): string =>
  rest ? `everything else that was ${printable(before.text)}` : servicesText(services);

/** `  from 10.0.0.0/8 to self  in eth0` */
function classText({ sort, from, to, in: input, out }: DiffRow): string {
  const words = sort === undefined ? "" : `: packets ${printable(sort)}`;
  const ends = [from === "anywhere" ? "" : `from ${printable(from)}`, to === "anywhere" ? "" : `to ${printable(to)}`].filter(
    text => text !== "",
  );
  const ways = [input && `in ${interfacesText(input)}`, out && `out ${interfacesText(out)}`].filter(text => text !== undefined);
  return [words, ends.join(" "), ways.join(", ")].filter((text, index) => index === 0 || text !== "").join("  ");
}

function fateLine(title: string, { text, by }: Fate): Line[] {
  const decided = by === undefined ? [] : [dim(`  ${pointerText(by)}`)];
  return [[dim(`    ${title.padEnd(7)}  `), plain(printable(text)), ...decided]];
}
