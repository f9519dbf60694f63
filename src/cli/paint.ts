import { styleText } from "node:util";
import type { Line, Span, Tone } from "../report/index.ts";

type Style = Extract<Parameters<typeof styleText>[0], string>;

const STYLES: Readonly<Record<Tone, readonly Style[]>> = {
  plain: [],
  good: ["green", "bold"],
  bad: ["red", "bold"],
  dim: ["dim"],
  strong: ["bold"],
  accent: ["cyan"],
};

// One style at a time: with a list of them Node 20 does not ask whether the stream takes colours.
const styled = ({ text, tone }: Span): string =>
  STYLES[tone].reduce((shown, style) => styleText(style, shown, { stream: process.stdout }), text);

/** A line as the terminal shows it; without styles where output is no terminal or NO_COLOR is set. */
export const paint = (line: Line): string => line.map(styled).join("").trimEnd();

/** Writes lines to standard output. */
export function putLines(lines: readonly Line[]): void {
  process.stdout.write(lines.map(line => `${paint(line)}\n`).join(""));
}

/** Columns of the terminal; 120 where there is none. */
export const width = (): number => process.stdout.columns ?? (Number(process.env["COLUMNS"]) || 120);
