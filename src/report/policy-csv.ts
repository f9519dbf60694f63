import { numberRange, protocolText } from "../analysis/names/index.ts";
import type { PolicyReport, PolicyRow, PolicySection, ServiceClass, StrayRow } from "../analysis/policy-report.ts";
import type { Ranges } from "../analysis/witness.ts";
import { dependsText, failureText, pointerText, servicesText } from "./policy-words.ts";
import { printable } from "./printable.ts";

const COLUMNS = "family,path,kind,service,protocols,ports,source_ports,from,to,in,out,with,becomes,depends_on,fails,witness,decided_by";

/**
 * A policy as CSV (RFC 4180): a line for each row of each table, columns as the first line names them. A cell that a spreadsheet would take for a
 * formula begins with an apostrophe.
 */
export function policyCsv({ sections }: PolicyReport): string {
  const lines = sections.flatMap(section => [
    ...[...section.usable, ...section.halfOpen].map(row => rowCells(section, row)),
    ...section.strays.map(stray => strayCells(section, stray)),
  ]);
  return [COLUMNS, ...lines.map(cells => cells.map(cell).join(","))].map(line => `${line}\r\n`).join("");
}

function rowCells({ family, path }: PolicySection, row: PolicyRow): string[] {
  const { services, from, to, in: input, out: output, becomes, kind, certainty, witness, decidedBy } = row;
  return [
    `IPv${family}`,
    path,
    kind,
    servicesText(services),
    each(services, ({ protocols }) => numbersText(protocols, protocolText)),
    each(services, ({ ports }) => (ports ? numbersText(ports) : "")),
    each(services, ({ sourcePorts }) => (sourcePorts ? numbersText(sourcePorts) : "")),
    from,
    to,
    (input ?? []).join(" "),
    (output ?? []).join(" "),
    (row.with ?? []).join("; "),
    (becomes ?? []).join("; "),
    dependsText(certainty),
    failureText(row),
    witness?.packet ?? "",
    decidedBy.map(pointerText).join("; "),
  ];
}

function strayCells({ family, path }: PolicySection, { kind, about, where, certainty, witness, decidedBy }: StrayRow): string[] {
  const blank = ["", "", "", "", "", "", "", "", ""];
  return [
    `IPv${family}`,
    path,
    kind,
    `${about}: ${where}`,
    ...blank,
    dependsText(certainty),
    "",
    witness.packet,
    decidedBy.map(pointerText).join("; "),
  ];
}

const each = (services: readonly ServiceClass[], of: (service: ServiceClass) => string): string =>
  [...new Set(services.map(of))].join("; ");

function numbersText(ranges: Ranges, name?: (number: number) => string): string {
  return ranges.map(([low, high]) => (name && low === high ? name(Number(low)) : numberRange([low, high]))).join(" ");
}

/** First characters that make spreadsheets calculate. */
const FORMULA = "=+-@\t\r|%";

function cell(text: string): string {
  const shown = printable(text);
  const safe = shown !== "" && FORMULA.includes(shown.charAt(0)) ? `'${shown}` : shown;
  return safe.includes(",") || safe.includes('"') || safe.includes("\n") ? `"${safe.replaceAll('"', '""')}"` : safe;
}
