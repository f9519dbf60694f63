import { styleText } from "node:util";
import { printable } from "../report/index.ts";
import type { Fault, InputFault } from "./input-fault.ts";

export { InputFault, usageFault, type Fault } from "./input-fault.ts";

const MOST_SHOWN = 20;

/** Writes the faults to stderr. */
export function printFault({ faults, text }: InputFault): void {
  const lines = text.split(/\r\n|\n/);
  for (const fault of faults.slice(0, MOST_SHOWN)) console.error(describe(fault, lines[fault.line - 1], "red"));
  if (faults.length > MOST_SHOWN) console.error(`… and ${faults.length - MOST_SHOWN} more faults`);
}

/** Writes warnings to stderr, the first few in full. */
export function printWarnings(warnings: readonly Fault[], text: string): void {
  const lines = text.split(/\r\n|\n/);
  for (const warning of warnings.slice(0, MOST_SHOWN))
    console.error(describe({ ...warning, message: `warning: ${warning.message}` }, lines[warning.line - 1], "yellow"));
  if (warnings.length > MOST_SHOWN) console.error(`… and ${warnings.length - MOST_SHOWN} more warnings`);
}

function describe({ file, line, column, endColumn, message, guess }: Fault, source: string | undefined, colour: "red" | "yellow"): string {
  const where = line === 0 ? printable(file) : `${printable(file)}:${line}:${column}`;
  const shown = [`${where}: ${styleText(colour, printable(message), { stream: process.stderr })}`];
  if (source !== undefined && source !== "" && line > 0) {
    const { text, caret } = excerpt(source, column, endColumn ?? column + 1);
    shown.push(`  ${text}`, `  ${styleText(colour, caret, { stream: process.stderr })}`);
  }
  if (guess !== undefined) shown.push(`  did you mean ${printable(guess)}?`);
  return shown.join("\n");
}

const WIDTH = 110;

/** The part of a line around a column, and a caret line under it. */
function excerpt(source: string, column: number, endColumn: number): { text: string; caret: string } {
  const from = column > WIDTH - 20 ? column - 40 : 0;
  const cut = source.slice(from, from + WIDTH);
  const before = printable(cut.slice(0, column - 1 - from));
  const marked = printable(cut.slice(column - 1 - from, endColumn - 1 - from));
  const lead = from > 0 ? "…" : "";
  const text = lead + before + marked + printable(cut.slice(endColumn - 1 - from)) + (source.length > from + WIDTH ? "…" : "");
  return { text, caret: " ".repeat(lead.length + before.length) + "^".repeat(Math.max(1, marked.length)) };
}
