import type { PolicyReport, PolicyRow, PolicySection } from "../../analysis/index.ts";
import { checkAssertions, readAssertions, type AssertionOutcome } from "../../analysis/assertions/index.ts";
import { policyOf } from "../../analysis/policy/index.ts";
import { PATH_WORDS, printable } from "../../report/index.ts";
import type { Documents } from "../state/documents.ts";
import { readFirewall, type ReadFirewall } from "../work/firewall.ts";
import { inPage } from "../work/page-words.ts";
import { rowQuestions, type NameAddresses } from "./starter-question.ts";

/** Rows of each table that become assertions. */
const ROWS_MAX = 60;

/** One assertion on its way into the file: its lines of YAML, and what is said of it where it does not hold. */
interface Draft {
  readonly lines: readonly string[];
  readonly about: string;
}

/**
 * A file of assertions that says what the texts allow now: each row of the policy, that nothing else is allowed, and that there are no strays where
 * there are none. Each assertion was checked and holds; what could not be said so stands in comments. `at` in µs since the epoch.
 */
export function starterFile(texts: Documents, at: number): string {
  const firewall = readFirewall(texts, at);
  const report = policyOf(firewall, { rows: ROWS_MAX, witnesses: { usable: 0, halfOpen: 0, other: 40 }, now: at });
  const lists = new Map<string, { readonly name: string; readonly about: string }>();
  const named: NameAddresses = (list, about) => {
    const known = lists.get(list) ?? { name: `addresses-${lists.size + 1}`, about };
    lists.set(list, known);
    return `$${known.name}`;
  };
  const both = firewall.v4 !== undefined && firewall.v6 !== undefined;
  const parts = report.sections.map(section => ({ title: titleOf(section), ...draftsOf(section, both, named) }));
  const outcomes = outcomesOf(
    varLines(lists, () => true),
    parts.flatMap(part => part.drafts),
    firewall,
  );
  const body: string[] = [];
  let index = 0;
  let written = 0;
  for (const { title, drafts, unsaid } of parts) {
    body.push(`  # ${title}`);
    for (const draft of drafts)
      if (outcomes[index++] === "holds") {
        written++;
        body.push(...draft.lines.map(line => `  ${line}`));
      } else body.push(`  # does not hold for all of them: ${printable(draft.about)}`);
    body.push(...unsaid.map(about => `  # ${printable(about)}`));
  }
  if (written === 0) body.push("  # Nothing can be said for sure but that an edit changes nothing:", "  - equal to: as opened");
  const words = new Set(body.flatMap(line => line.split(" ")));
  const vars = varLines(lists, name => words.has(`$${name}`));
  return `${[...HEAD, ...assumptionLines(report), ...vars, "assert:", ...body].join("\n")}\n`;
}

/** The lists of addresses that have names, those that are wanted. */
function varLines(
  lists: ReadonlyMap<string, { readonly name: string; readonly about: string }>,
  wanted: (name: string) => boolean,
): string[] {
  const lines = [...lists].flatMap(([list, { name, about }]) => (wanted(name) ? [`  # ${printable(about)}`, `  ${name}: ${list}`] : []));
  return lines.length === 0 ? [] : ["vars:", ...lines];
}

const HEAD = [
  "# What the rules allow now, one assertion for each kind of session. Change what ought to be otherwise: what fails is then told with a packet.",
  "# The command runs the same file: ferrule test firewall.yaml --rules rules.v4",
];

const assumptionLines = ({ assumptions }: PolicyReport): string[] =>
  assumptions.length === 0 ? [] : [`# Taken for granted: ${printable(assumptions.map(inPage).join("; "))}`];

const titleOf = ({ family, path }: PolicySection): string => `IPv${family}, ${PATH_WORDS[path]}`;

function draftsOf(
  section: PolicySection,
  both: boolean,
  named: NameAddresses,
): { readonly drafts: readonly Draft[]; readonly unsaid: readonly string[] } {
  const { family, path, usable, halfOpen, strays, complete } = section;
  const place = [`  path: ${path}`, ...(both ? [`  family: ${family}`] : [])];
  const drafts: Draft[] = [];
  const unsaid: string[] = [];
  const all: string[] = [];
  let whole = complete;
  for (const row of usable) {
    const questions = rowQuestions(row, section, named);
    const about = rowText(row);
    if (questions === undefined) {
      whole = false;
      unsaid.push(`no question says this: ${about}`);
      continue;
    }
    all.push(...questions.map(({ wide }) => wide));
    if (!row.certainty.sure) unsaid.push(`on conditions (${row.certainty.depends.join("; ")}): ${about}`);
    else for (const { narrow } of questions) drafts.push({ lines: [`- allow: ${yaml(narrow)}`, ...place], about: narrow });
  }
  const rest = `nothing else ${PATH_WORDS[path]}`;
  if (halfOpen.length > 0) unsaid.push(`some sessions are opened and then die: ${halfOpen.slice(0, 3).map(rowText).join("; ")}`);
  else if (whole && all.length === 0) drafts.push({ lines: ["- deny: from any to any", ...place], about: rest });
  else if (whole && !all.includes("from any to any"))
    drafts.push({ lines: [`- name: ${rest}`, "  at most:", ...all.map(question => `    - ${yaml(question)}`), ...place], about: rest });
  if (path !== "out" && strays.length === 0) drafts.push({ lines: ["- no strays: true", ...place], about: "no strays" });
  if (strays.length > 0)
    unsaid.push(`strays pass: ${[...new Set(strays.map(({ about }) => about))].slice(0, 3).join("; ")}${strays.length > 3 ? " …" : ""}`);
  return { drafts, unsaid };
}

function rowText({ services, from, to, through }: PolicyRow): string {
  const words = services.map(({ name }) => name).join(", ");
  return `${words} from ${from} to ${to}${through === "" ? "" : `, ${through}`}`;
}

/** What becomes of each draft when it is checked. */
function outcomesOf(
  head: readonly string[],
  drafts: readonly Draft[],
  { v4, v6, host, sets }: ReadFirewall,
): readonly (AssertionOutcome | undefined)[] {
  if (drafts.length === 0) return [];
  const reading = readAssertions(
    "starter",
    [...head, "assert:", ...drafts.flatMap(({ lines }) => lines.map(line => `  ${line}`))].join("\n"),
  );
  if (reading.value === undefined) return [];
  const run = checkAssertions(reading.value, { v4, v6, host, sets }, new Map());
  return "faults" in run ? [] : run.results.map(({ outcome }) => outcome);
}

/** A text for YAML: in double quotes where it is not plain words. */
function yaml(text: string): string {
  const plain = [...text].every(
    letter => letter === " " || letter === "," || letter === "." || letter === "/" || letter === "-" || letter === "$" || isWord(letter),
  );
  return plain ? text : JSON.stringify(text);
}

const isWord = (letter: string): boolean =>
  (letter >= "a" && letter <= "z") ||
  (letter >= "A" && letter <= "Z") ||
  (letter >= "0" && letter <= "9") ||
  letter === "_" ||
  letter === "+";
