import { PATHS, type PolicyReport, type PolicyRow, type PolicySection, type StrayRow } from "../../analysis/index.ts";
import { addressRanges, unionOf } from "../../analysis/names/index.ts";
import { policyOf } from "../../analysis/policy/index.ts";
import {
  exactText,
  gridColumns,
  inWords,
  jsonText,
  policyCsv,
  policyHtml,
  policyJson,
  policySvg,
  ROLE_WORDS,
  sectionTitle,
  servicesText,
  STRAY_WORDS,
  witnessText,
  type GridAxis,
} from "../../report/index.ts";
import type { Documents } from "../state/documents.ts";
import { readFirewall } from "../work/firewall.ts";
import { askedAddresses, askedService, isSpecial } from "./asked-notation.ts";
import { columnsOfRow, gridLines, lineCells, placesOf } from "./grid.ts";
import type { MatrixView, PolicyHead, RowView, SectionView, StrayView } from "./view.ts";

/** How much of a policy is asked for. */
export interface PolicyWish {
  /** Rows of each table. */
  readonly rows: number;
  /** µs since the epoch. */
  readonly now: number;
}

/** A policy on its way to the page. */
export interface PolicyDesk {
  readonly head: PolicyHead;
  /** By section. */
  readonly rows: readonly (readonly RowView[])[];
  readonly report: PolicyReport;
}

/** Rows whose witnesses the engine is to show: all that a person may open, in practice. */
const WITNESSES = { usable: 4000, halfOpen: 1000, other: 200 };

/** What the texts allow. Rows and addresses are in words; the report is kept for files. */
export function policyDesk(texts: Documents, { rows, now }: PolicyWish): PolicyDesk {
  const firewall = readFirewall(texts, now);
  const plain = policyOf(firewall, { paths: PATHS, rows, witnesses: WITNESSES, now });
  const report = inWords(plain, [firewall.v4, firewall.v6]);
  const sections = report.sections.map(sectionView);
  return {
    head: {
      summary: report.summary,
      assumptions: report.assumptions,
      sections: sections.map(({ section }) => section),
      families: ([4, 6] as const).filter(family => (family === 4 ? firewall.v4 : firewall.v6) !== undefined),
    },
    rows: sections.map(({ rows: views }) => views),
    report: plain,
  };
}

/** Kinds of files that a policy is written as. */
export type PolicyFile = "csv" | "json" | "svg" | "html";

/** The file as `ferrule policy` writes it; `name` is what the rules are called. */
export function policyFile({ report }: PolicyDesk, kind: PolicyFile, texts: Documents, name: string, now: number): string {
  const { v4, v6 } = readFirewall(texts, now);
  switch (kind) {
    case "csv":
      return policyCsv(report);
    case "json":
      return `${jsonText(policyJson(report))}\n`;
    case "svg":
      return policySvg(inWords(report, [v4, v6]));
    case "html":
      return policyHtml(inWords(report, [v4, v6]), name);
  }
}

function sectionView(section: PolicySection): { readonly section: SectionView; readonly rows: readonly RowView[] } {
  const { family, path, usable, halfOpen, strays, refusals, exact, complete } = section;
  const rows = [...usable, ...halfOpen];
  const lines = gridLines(rows);
  const places = new Map(rows.map((row, index) => [row, index]));
  const [clients, servers] = (["clients", "servers"] as const).map(axis => matrixOf(section, rows, lines, axis)) as [Matrix, Matrix];
  return {
    section: {
      family,
      path,
      title: sectionTitle(section),
      lines: lines.map(line => ({
        name: line.name,
        asked: askedService(line.service),
        special: isSpecial(line.service),
        rows: Uint16Array.from(line.rows, row => places.get(row) ?? 0),
        parts: Uint16Array.from(line.parts, row => places.get(row) ?? 0),
      })),
      matrices: { clients: clients.view, servers: servers.view },
      usable: usable.length,
      halfOpen: halfOpen.length,
      strays: strays.map(strayView),
      refusals,
      exact: exactText(exact),
      complete,
    },
    rows: rows.map((row, index) =>
      rowView(row, { clients: clients.ofRows[index] ?? NO_COLUMNS, servers: servers.ofRows[index] ?? NO_COLUMNS }),
    ),
  };
}

const NO_COLUMNS = new Uint16Array();

interface Matrix {
  readonly view: MatrixView;
  /** Columns of each row. */
  readonly ofRows: readonly Uint16Array[];
}

/** Ids of the classes that an end of sessions can be in. */
const endsOf = ({ ends, classes }: PolicySection, axis: GridAxis): readonly string[] => ends?.[axis] ?? classes.map(({ id }) => id);

/** Ranges of addresses that a column tells. */
const RANGES_MAX = 400;

function matrixOf(section: PolicySection, rows: readonly PolicyRow[], lines: ReturnType<typeof gridLines>, axis: GridAxis): Matrix {
  const possible = new Set(endsOf(section, axis));
  const columns = gridColumns(section, axis).filter(({ classes }) => classes.some(({ id }) => possible.has(id)));
  const places = placesOf(columns);
  const ofRows = rows.map(row => columnsOfRow(row, axis, places));
  const found = new Map(rows.map((row, index) => [row, ofRows[index] ?? NO_COLUMNS]));
  const cells = new Uint8Array(lines.length * columns.length);
  for (const [index, line] of lines.entries())
    cells.set(
      lineCells(
        line,
        axis,
        columns.length,
        row => found.get(row) ?? NO_COLUMNS,
        endsOf(section, axis === "clients" ? "servers" : "clients"),
      ),
      index * columns.length,
    );
  return {
    view: {
      columns: columns.map(({ name, classes }) => {
        const ranges = unionOf(classes.map(each => each.ranges));
        return { name, addresses: addressRanges(ranges, RANGES_MAX), asked: askedAddresses(ranges) };
      }),
      cells,
    },
    ofRows,
  };
}

function rowView(row: PolicyRow, columns: RowView["columns"]): RowView {
  const { kind, services, from, to, through, becomes = [], certainty, fails, witness, decidedBy } = row;
  return {
    kind,
    services: servicesText(services),
    from,
    to,
    through,
    with: row.with ?? [],
    becomes,
    depends: certainty.sure ? [] : certainty.depends,
    fails: fails && { text: failing(fails), by: fails.by },
    witness: witness && witnessText(witness),
    decidedBy,
    columns,
  };
}

const strayView = ({ kind, about, where, certainty, witness, decidedBy }: StrayRow): StrayView => ({
  kind: STRAY_WORDS[kind],
  about,
  where,
  depends: certainty.sure ? [] : certainty.depends,
  witness: witnessText(witness),
  decidedBy,
});

function failing({ role, by }: NonNullable<PolicyRow["fails"]>): string {
  if (role === "past") return ROLE_WORDS.past;
  return `${ROLE_WORDS[role]} is ${by ? "stopped by" : "let through by nothing"}`;
}
