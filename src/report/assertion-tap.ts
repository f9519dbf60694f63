import type { AssertionResult, AssertionRun } from "../analysis/assertions/result.ts";
import { printable } from "./printable.ts";
import { partLines } from "./query-part.ts";
import { lineText } from "./span.ts";

/** A run in the Test Anything Protocol, version 14: one test point for each assertion, with a YAML block where it does not hold. */
export function assertionTap({ results, assumptions }: AssertionRun): string {
  const lines = ["TAP version 14", `1..${results.length}`];
  for (const [index, result] of results.entries()) {
    lines.push(`${result.outcome === "holds" ? "ok" : "not ok"} ${index + 1} - ${description(result.name)}`);
    if (result.outcome !== "holds") lines.push(...diagnostics(result));
  }
  for (const sentence of assumptions) lines.push(`# assumed: ${printable(sentence)}`);
  return `${lines.join("\n")}\n`;
}

/** `#` starts a directive and a backslash escapes, so both are escaped. */
const description = (name: string): string =>
  printable(name.trim().split("\n").join(" "))
    .split("")
    .map(letter => (letter === "\\" || letter === "#" ? `\\${letter}` : letter))
    .join("");

function diagnostics({ outcome, message, at, details, counterexamples, depends }: AssertionResult): readonly string[] {
  const list = (key: string, values: readonly string[]): readonly string[] =>
    values.length === 0 ? [] : [`${key}:`, ...values.map(value => `  - ${yamlText(value)}`)];
  const lines = [
    `message: ${yamlText(message)}`,
    `severity: ${outcome === "undecided" ? "todo" : "fail"}`,
    "at:",
    `  file: ${yamlText(at.file)}`,
    `  line: ${at.line}`,
    ...list("depends", depends),
    ...list("details", details),
    ...list(
      "counterexamples",
      counterexamples.map(part => partLines(part, { families: true }).map(lineText).join("\n")),
    ),
  ];
  return ["  ---", ...lines.map(line => `  ${line}`), "  ..."];
}

/** A text in double quotes, as YAML and JSON both read it. */
const yamlText = (text: string): string => JSON.stringify(printableButLines(text));

const printableButLines = (text: string): string => text.split("\n").map(printable).join("\n");
