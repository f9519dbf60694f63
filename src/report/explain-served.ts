import type { Change, DiffReport, DiffRow } from "../analysis/diff/index.ts";
import { interfacesText, PATH_WORDS, servicesText } from "./policy-words.ts";
import { wrapped } from "./explain-wrap.ts";
import { printable } from "./printable.ts";
import type { Json } from "./trace-json.ts";
import { accent, bad, dim, good, plain, type Line, type Span } from "./span.ts";
import { witnessText } from "./witness-text.ts";

/** What sessions and packets would end otherwise without a rule; one sentence when there are none. */
export function servedLines({ rows, left, undone }: DiffReport, width: number): Line[] {
  const reasons = undone.map(({ path, reason }) => [dim(`  Not looked at: sessions ${PATH_WORDS[path]} (${printable(reason)}).`)]);
  if (rows.length + left === 0) {
    const same = "Without it every session and every packet would end the same; logs and marks do not count here.";
    return [
      [plain(`  ${undone.length > 0 ? "No session and no packet was found that would end otherwise without it." : same}`)],
      ...reasons,
    ];
  }
  const classes = rows.length + left === 1 ? "1 class" : `${rows.length + left} classes`;
  const lines: Line[] = [[plain(`  Without it ${classes} of sessions and packets would end otherwise:`)]];
  for (const row of rows) lines.push(...rowLines(row, width));
  if (left > 0) lines.push([dim(`    … and ${left} more`)]);
  return [...lines, ...reasons];
}

const SIGNS: Readonly<Record<Change, Span>> = { opens: good("+"), closes: bad("-"), changes: accent("~") };

/** Columns before a row's text. */
const MARGIN = 6;
const LEAST_WIDTH = 40;

function rowLines(row: DiffRow, width: number): Line[] {
  const { change, before, after, certainty, rest, services, sort } = row;
  const what = rest ? `everything else that was ${printable(before.text)}` : servicesText(services);
  const where = [
    ...(sort === undefined ? [] : [`(packets ${printable(sort)})`]),
    ...(row.from === "anywhere" ? [] : [`from ${printable(row.from)}`]),
    ...(row.to === "anywhere" ? [] : [`to ${printable(row.to)}`]),
    ...(row.in === undefined ? [] : [`in ${interfacesText(row.in)}`]),
    ...(row.out === undefined ? [] : [`out ${interfacesText(row.out)}`]),
  ];
  const depends = certainty.sure ? "" : ` (depends on ${printable(certainty.depends.join("; "))})`;
  const text = `${what} ${[PATH_WORDS[row.path], ...where].join(" ")}: ${printable(after.text)}; without it ${printable(before.text)}${depends}`;
  const lines: Line[] = wrapped(text, Math.max(LEAST_WIDTH, width - MARGIN)).map((line, index) =>
    index === 0 ? [plain("    "), SIGNS[change], plain(` ${line}`)] : [plain(`${" ".repeat(MARGIN)}${line}`)],
  );
  const shown = after.witness ?? before.witness;
  const doubts = [before, after].flatMap(({ confirmation }) => (confirmation && !confirmation.confirmed ? [confirmation.reason] : []));
  if (shown)
    lines.push([
      dim(`      ${printable(witnessText(shown))}`),
      ...(doubts.length > 0 ? [bad(`  not confirmed by the engine: ${printable(doubts.join("; "))}`)] : []),
    ]);
  return lines;
}

/** The same as data. */
export function servedJson({ rows, left, undone }: DiffReport): Json {
  return {
    classes: rows.map(row => ({
      change: row.change,
      about: row.about,
      path: row.path,
      services: row.services.map(({ name }) => name),
      rest: row.rest,
      sort: row.sort ?? null,
      from: row.from,
      to: row.to,
      in: row.in ? [...row.in] : null,
      out: row.out ? [...row.out] : null,
      with: row.after.text,
      without: row.before.text,
      depends: row.certainty.sure ? [] : [...row.certainty.depends],
      witness: (row.after.witness ?? row.before.witness)?.packet ?? null,
      confirmed: [row.before, row.after].every(({ confirmation }) => confirmation?.confirmed ?? true),
    })),
    left,
    undone: undone.map(({ path, reason }) => ({ path, reason })),
  };
}
