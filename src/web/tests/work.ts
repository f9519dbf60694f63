import {
  checkAssertions,
  claimedFiles,
  readAssertions,
  type AssertionFault,
  type AssertionFile,
  type AssertionResult,
  type AssertionRun,
  type CheckedRules,
} from "../../analysis/assertions/index.ts";
import type { AnswerPart } from "../../analysis/query/index.ts";
import { assertionJunit, assertionsInWords, assertionTap, HALF_WORDS, PATH_WORDS, witnessText, wordsFor } from "../../report/index.ts";
import { readFirewall, type ReadFirewall } from "../work/firewall.ts";
import { inPage } from "../work/page-words.ts";
import { namedRules } from "./other-rules.ts";
import type { Counterexample, TestedTexts, TestFault, TestResult, TestRun } from "./run.ts";

/** Counterexamples of one assertion that the page shows. */
const SHOWN_MAX = 12;

/**
 * Proves or contradicts each assertion of a file (docs/assertions.md) for the texts as they are now; `at` in µs since the epoch. Assertions that
 * compare with a file that the page does not have are undecided.
 */
export function checkTests(tested: TestedTexts, text: string, at: number): TestRun {
  const reading = readAssertions(tested.name, text);
  if (reading.value === undefined) return faulty(reading.faults);
  const file = reading.value;
  const others = new Map<string, CheckedRules>();
  const wanting = new Map<string, string>();
  const missing: string[] = [];
  for (const name of claimedFiles(file)) {
    const found = namedRules(name, tested, at);
    if (found && "rules" in found) others.set(name, found.rules);
    else wanting.set(name, found?.fault ?? `the page has no file ${name}: attach it, or compare with \`as opened\``);
    if (found === undefined) missing.push(name);
  }
  const firewall = readFirewall(tested.now, at);
  const checked = decided(file, firewall, tested, others, wanting);
  if ("faults" in checked) return faulty(checked.faults);
  const run = assertionsInWords(checked, wordsFor([firewall.v4, firewall.v6]));
  return {
    faults: [],
    results: run.results.map(resultOf),
    assumptions: run.assumptions,
    notes: [...skippedNote(firewall), ...unheeded(file)],
    missing,
    tap: assertionTap(run),
    junit: assertionJunit(run),
  };
}

const NOTHING = { results: [], assumptions: [], notes: [], missing: [], tap: "", junit: "" } as const;

const faulty = (faults: readonly AssertionFault[]): TestRun => ({
  ...NOTHING,
  faults: faults.map(({ line, column, endColumn, message, guess }): TestFault => ({ line, column, endColumn, message, guess })),
});

/** The run, with what cannot be compared in its place among the rest. */
function decided(
  file: AssertionFile,
  firewall: ReadFirewall,
  tested: TestedTexts,
  others: ReadonlyMap<string, CheckedRules>,
  wanting: ReadonlyMap<string, string>,
): AssertionRun | { readonly faults: readonly AssertionFault[] } {
  const lacks = ({ claim }: AssertionFile["assertions"][number]): string | undefined =>
    claim.is === "equal to" ? wanting.get(claim.file.text) : undefined;
  const { v4, v6, host, sets } = firewall;
  const texts = new Map([
    ["rules.v4", tested.now.rules4.split("\n")],
    ["rules.v6", tested.now.rules6.split("\n")],
  ]);
  const asked = { ...file, assertions: file.assertions.filter(each => lacks(each) === undefined) };
  const run = checkAssertions(asked, { v4, v6, host, sets, texts }, others);
  if ("faults" in run) return run;
  let next = 0;
  const results = file.assertions.flatMap((each): AssertionResult | [] => {
    const why = lacks(each);
    if (why === undefined) return run.results[next++] ?? [];
    const { name, at, claim } = each;
    return { name, kind: claim.is, at, outcome: "undecided", message: why, details: [], counterexamples: [], depends: [] };
  });
  return { file: tested.name, results, assumptions: run.assumptions.map(inPage) };
}

function skippedNote({ skipped }: ReadFirewall): readonly string[] {
  const lines = skipped.rules4.length + skipped.rules6.length;
  if (lines === 0) return [];
  return [`${lines} faulty line${lines === 1 ? " of the rules was" : "s of the rules were"} left out, so that the rest could be tested.`];
}

/** Keys of the file that are for the command. */
function unheeded({ rules, v6, host, ipset, resolve }: AssertionFile): readonly string[] {
  const keys = Object.entries({ rules, v6, host, ipset, resolve }).flatMap(([key, value]) => (value ? [key] : []));
  if (keys.length === 0) return [];
  const names = keys.map(key => `\`${key}:\``).join(", ");
  const texts = keys.filter(key => key !== "resolve");
  const here = texts.length === 0 ? "" : ": here the rules, sets and machine are those of the editor";
  const looked = resolve ? (texts.length === 0 ? ": the page looks no names up" : ", and no names are looked up") : "";
  return [`${names} ${keys.length === 1 ? "is" : "are"} for the command${here}${looked}.`];
}

function resultOf({ name, kind, at, outcome, message, details, depends, counterexamples }: AssertionResult): TestResult {
  const shown = counterexamples.slice(0, SHOWN_MAX);
  return { name, kind, line: at.line, outcome, message, details, depends, counterexamples: shown.map(counterexampleOf) };
}

function counterexampleOf({ fate, family, path, which, certainty, role, witness, confirmation, decidedBy }: AnswerPart): Counterexample {
  const half = fate === "half-open" && role ? `; ${HALF_WORDS[role]}` : "";
  return {
    fate,
    which: `${which.length > 0 ? which.join(", ") : "all of them"} (IPv${family}, ${PATH_WORDS[path]})${half}`,
    depends: certainty.sure ? [] : certainty.depends,
    witness: witness && witnessText(witness),
    doubt: confirmation && !confirmation.confirmed ? confirmation.reason : "",
    where: witness?.depends.map(({ about, holds }) => `${holds ? "it holds" : "it does not hold"}: ${about}`) ?? [],
    decidedBy,
  };
}
