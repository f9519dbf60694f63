import type { AddressClass, Certainty, PolicyReport, PolicyRow, PolicySection, StrayRow } from "../analysis/policy-report.ts";
import { addressRanges, effectsText } from "../analysis/names/index.ts";
import { columnLines, type Column } from "./policy-columns.ts";
import { dependsText, exactText, failureText, pointerPlace, sectionTitle, servicesText } from "./policy-words.ts";
import { printable } from "./printable.ts";
import { counted } from "./replay-text.ts";
import { accent, bad, dim, good, indent, plain, strong, type Line, type Span } from "./span.ts";

/** How much of a policy is shown. */
export interface PolicyDetail {
  /** Columns of the terminal. */
  readonly width: number;
  /** Every row, with its witness and the rules that decided; and what each class of addresses is. */
  readonly all: boolean;
}

/** Rows of a table that are shown without being asked for. */
const ROWS_SHOWN = 40;
/** Sentences are not wider than people read. */
const TEXT_WIDTH = 100;

/** What a firewall allows, for a terminal: a few sentences, then for each path what works, what half works, and what strays. */
export function policyLines(report: PolicyReport, detail: PolicyDetail): Line[] {
  const lines: Line[] = [[strong("What this firewall allows")]];
  for (const sentence of report.summary) lines.push(...paragraph([plain(printable(sentence))], detail.width));
  for (const section of report.sections) lines.push([], ...sectionLines(section, detail));
  if (report.assumptions.length > 0)
    lines.push([], ...paragraph([dim(printable(`Assumed: ${report.assumptions.join("; ")}.`))], detail.width, 0));
  return lines;
}

function sectionLines(section: PolicySection, detail: PolicyDetail): Line[] {
  const { path, usable, halfOpen, strays, refusals, exact } = section;
  const lines: Line[] = [[accent(sectionTitle(section))]];
  if (usable.length === 0) lines.push([plain("  "), bad("nothing"), plain(": no session can be opened")]);
  else lines.push(...shifted(rowTable(usable, section, detail)), ...more(usable.length, section, detail));
  if (halfOpen.length > 0) {
    lines.push([plain("  "), bad("Half open"), plain(": the first packet passes, and then something stops the session")]);
    lines.push(...shifted(rowTable(halfOpen, section, detail)), ...more(halfOpen.length, section, detail));
  }
  if (
    strays.length > 0 &&
    path === "out" &&
    !detail.all &&
    usable.some(({ services }) => services.some(({ name }) => name === "everything"))
  ) {
    lines.push([plain("  "), dim(`Strays: ${counted(strays.length, "kind")}, as this machine may send everything (--all shows them)`)]);
  } else if (strays.length > 0) {
    lines.push([plain("  "), bad("Strays"), plain(": packets that pass without belonging to any session")]);
    lines.push(...strayLines(strays, detail));
  } else lines.push([plain("  "), good("No strays"), plain(": nothing passes outside a session")]);
  if (refusals.length > 0) lines.push(...paragraph([dim(printable(`Everything else is ${refusals.join("; or ")}.`))], detail.width));
  lines.push([plain("  "), dim(`Exact for ${exactText(exact)} of the kinds of sessions.`)]);
  if (detail.all) lines.push(...classLines(section.classes, detail.width));
  return lines;
}

const shifted = (lines: readonly Line[]): Line[] => lines.map(line => indent(line, 2));

/** That there are more rows than are shown; of a report that is cut nobody knows how many. */
function more(total: number, { complete }: PolicySection, { all }: PolicyDetail): Line[] {
  if (complete ? all : total < ROWS_SHOWN) return [];
  if (all) return [[plain("  "), dim("… and more rows than anybody reads")]];
  if (!complete) return [[plain("  "), dim("… and many more rows (--all shows them)")]];
  return total <= ROWS_SHOWN ? [] : [[plain("  "), dim(`… and ${counted(total - ROWS_SHOWN, "more row")} (--all shows them)`)]];
}

/** Sessions as a table; columns that say nothing are left out. */
function rowTable(rows: readonly PolicyRow[], { path }: PolicySection, { width, all }: PolicyDetail): Line[] {
  const shown = all ? rows : rows.slice(0, ROWS_SHOWN);
  const notes = footnotes(shown);
  const column = (title: string, atLeast: number, of: (row: PolicyRow) => Span): Column => ({ title, atLeast, cells: shown.map(of) });
  const columns = [
    column("SERVICE", 16, row => ({ text: servicesText(row.services), tone: row.kind === "usable" ? "good" : "bad" })),
    column("FROM", 16, ({ from }) => plain(printable(from))),
    column("TO", 16, ({ to }) => plain(printable(to))),
    column("THROUGH", 13, row => plain(printable(row.through))),
    column("ONLY WITH", 16, row => plain(printable((row.with ?? []).join(", ")))),
    column("NAT", 16, ({ becomes = [] }) => plain(printable(effectsText(becomes)))),
    column("FAILS", 20, row => plain(failureText(row))),
    column(notes.length > 0 ? "DEPENDS" : "DEPENDS ON", notes.length > 0 ? 7 : 16, ({ certainty }) => plain(noted(certainty, notes))),
    ...(all ? [column("WITNESS", 24, ({ witness }) => dim(printable(witness?.packet ?? ""))), column("RULES", 12, decidedBy)] : []),
  ];
  const trivial = path === "out" ? "FROM" : path === "forward" ? "" : "TO";
  const lines = columnLines(
    columns.filter(({ title, cells }) =>
      cells.some(({ text }) => text !== "" && !(title === trivial && (text === "self" || text === "anywhere"))),
    ),
    width - 2,
  );
  return [...lines, ...notes.flatMap((text, index) => paragraph([dim(printable(`(${index + 1}) ${text}`))], width - 2))];
}

/** Letters of conditions that a table has room for; longer ones stand below it. */
const CONDITION_MAX = 30;

/** Conditions that stand below the table by their numbers; none where all are short. */
function footnotes(rows: readonly PolicyRow[]): string[] {
  const depends = rows.map(({ certainty }) => (certainty.sure ? [] : certainty.depends));
  return depends.some(conditions => conditions.join("; ").length > CONDITION_MAX) ? [...new Set(depends.flat())] : [];
}

/** What it depends on, or the numbers of the notes that say so. */
function noted(certainty: Certainty, notes: readonly string[]): string {
  if (certainty.sure || notes.length === 0) return dependsText(certainty);
  return certainty.depends.map(about => `(${notes.indexOf(about) + 1})`).join(" ");
}

const decidedBy = ({ decidedBy: rules }: PolicyRow): Span => dim(rules.map(pointerPlace).join(", "));

/** Strays that pass at the same places stand together: what, where, a packet that shows it, and who let it in. */
function strayLines(strays: readonly StrayRow[], { width, all }: PolicyDetail): Line[] {
  const groups = new Map<string, StrayRow[]>();
  for (const stray of strays) {
    const key = `${all ? stray.about : ""} ${stray.where} ${dependsText(stray.certainty)}`;
    const group = groups.get(key);
    if (group) group.push(stray);
    else groups.set(key, [stray]);
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    if (first === undefined) return [];
    const depends = dependsText(first.certainty);
    return [
      ...paragraph([plain(printable(group.map(({ about }) => about).join(", ")))], width, 4),
      ...paragraph([plain(printable(first.where))], width, 6),
      ...(depends === "" ? [] : paragraph([plain(`depends on ${depends}`)], width, 6)),
      ...paragraph([dim(`shown by ${printable(first.witness.packet)}`)], width, 6),
      ...first.decidedBy.flatMap(by => paragraph([dim(`let in by ${pointerPlace(by)}`)], width, 6)),
    ];
  });
}

/** The classes of addresses that the rules tell apart. */
function classLines(classes: readonly AddressClass[], width: number): Line[] {
  if (classes.length < 2) return [];
  const columns: Column[] = [
    { title: "CLASS", atLeast: 5, cells: classes.map(({ id }) => plain(printable(id))) },
    { title: "NAME", atLeast: 16, cells: classes.map(({ name }) => plain(printable(name))) },
    { title: "ADDRESSES", atLeast: 24, cells: classes.map(({ ranges }) => dim(addressRanges(ranges, 6))) },
  ];
  return [[plain("  "), strong("Addresses that the rules tell apart")], ...shifted(columnLines(columns, width - 2))];
}

/** Words in lines that are not too wide. */
function paragraph(spans: readonly Span[], width: number, columns = 2): Line[] {
  const [span] = spans;
  if (span === undefined) return [];
  const [, ...lines] = columnLines([{ title: "", atLeast: 20, cells: [span] }], Math.min(width - columns, TEXT_WIDTH));
  return lines.map(line => indent(line, columns));
}
