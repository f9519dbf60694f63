import type { AssertionResult, AssertionRun } from "../analysis/assertions/result.ts";
import { printable } from "./printable.ts";
import { partLines } from "./query-part.ts";
import { lineText } from "./span.ts";

/** A run as JUnit XML, as CI servers read it: one suite, one case for each assertion. */
export function assertionJunit({ file, results, assumptions }: AssertionRun): string {
  const failures = results.filter(({ outcome }) => outcome === "fails").length;
  const errors = results.filter(({ outcome }) => outcome === "undecided").length;
  const counts = `tests="${results.length}" failures="${failures}" errors="${errors}" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ferrule test" ${counts}>`,
    `  <testsuite name="${attribute(file)}" ${counts}>`,
    ...results.flatMap(testCase),
    ...(assumptions.length > 0 ? [`    <system-out>${content(`Assumed: ${assumptions.join("; ")}.`)}</system-out>`] : []),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase({ name, kind, at, outcome, message, details, counterexamples, depends }: AssertionResult): readonly string[] {
  const head = `    <testcase name="${attribute(name.trim())}" classname="${attribute(kind)}" file="${attribute(at.file)}" line="${at.line}"`;
  if (outcome === "holds") return [`${head}/>`];
  const element = outcome === "fails" ? "failure" : "error";
  const text = [
    message,
    ...depends.map(condition => `depends on ${condition}`),
    ...details,
    ...counterexamples.flatMap(part => partLines(part, { families: true }).map(lineText)),
  ].join("\n");
  return [
    `${head}>`,
    `      <${element} message="${attribute(message)}" type="${attribute(kind)}">${content(text)}</${element}>`,
    "    </testcase>",
  ];
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
]);

/** Text of an element: control characters, which XML cannot carry, are written as printable does; what is no character is replaced. */
const content = (text: string): string =>
  Array.from(text.split("\n").map(printable).join("\n"), letter =>
    isForbidden(letter) ? "\ufffd" : (ENTITIES.get(letter) ?? letter),
  ).join("");

const attribute = (text: string): string => content(text.split("\n").join(" "));

/** Halves of surrogate pairs, U+FFFE and U+FFFF. */
function isForbidden(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  return (0xd800 <= code && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
}
