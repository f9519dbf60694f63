import type { AssertionResult, AssertionRun } from "../analysis/assertions/result.ts";
import { printable } from "./printable.ts";
import { partLines } from "./query-part.ts";
import { accent, bad, dim, good, indent, plain, type Line } from "./span.ts";

/** A run as lines: what holds in one line each, what fails with its counterexamples, and a count. */
export function assertionLines({ results, assumptions }: AssertionRun): readonly Line[] {
  const lines = results.flatMap(resultLines);
  const failed = results.filter(({ outcome }) => outcome !== "holds").length;
  const held = results.length - failed;
  lines.push(
    [],
    [
      plain(`${held} of ${results.length} hold`),
      ...(failed > 0 ? [plain(", "), bad(failed === 1 ? "1 does not" : `${failed} do not`)] : []),
    ],
  );
  if (assumptions.length > 0) lines.push([dim(`Assumed: ${printable(assumptions.join("; "))}.`)]);
  return lines;
}

function resultLines(result: AssertionResult): readonly Line[] {
  const { name, at, outcome, message, details, counterexamples, depends } = result;
  const title = printable(name.split("\n").join(" "));
  if (outcome === "holds") return [[good("holds  "), plain(title)]];
  const families = new Set(counterexamples.map(({ family }) => family)).size > 1;
  return [
    [outcome === "fails" ? bad("FAILS  ") : accent("open   "), plain(title), dim(`  ${printable(at.file)}:${at.line}`)],
    indent([plain(printable(message))], 7),
    ...depends.map(condition => indent([plain("depends on "), accent(printable(condition))], 7)),
    ...details.map(detail => indent([plain(printable(detail))], 7)),
    ...counterexamples.flatMap(part => partLines(part, { families })).map(line => indent(line, 7)),
  ];
}
