import { InvalidArgumentError, type Command } from "commander";
import { compareFirewalls } from "../../analysis/diff/index.ts";
import type { Finding, Severity } from "../../analysis/index.ts";
import {
  atLeast,
  changedText,
  findKind,
  FINDING_KINDS,
  lint,
  SEVERITIES,
  type LintReport,
  type Subject,
} from "../../analysis/lint/index.ts";
import type { Firewall } from "../../analysis/index.ts";
import {
  diffInWords,
  diffJson,
  diffLines,
  jsonText,
  kindLines,
  lintFixJson,
  lintAnnotations,
  lintJson,
  lintInWords,
  lintLines,
  lintSarif,
  fixLines,
  lineText,
  printable,
  wordsFor,
} from "../../report/index.ts";
import type { Host } from "../../host/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { kindOf, splitFamilies, type Fault } from "../../syntax/index.ts";
import type { Exit } from "../exit.ts";
import { printWarnings, usageFault } from "../fault.ts";
import { hostOptions, loadHost, loadRules, readText, rulesOptions, type HostOptions, type LoadedRules, type RulesFlags } from "../input.ts";
import { putLines, width } from "../paint.ts";
import { VERSION } from "../version.ts";

interface LintFlags extends RulesFlags, HostOptions {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly github?: boolean;
  readonly level?: Severity;
  readonly failOn?: Severity | "never";
  readonly allowed?: boolean;
  readonly verbose?: boolean;
  readonly only?: readonly string[];
  readonly fix?: boolean;
  readonly explain?: string | true;
  readonly alsoLegacy?: string;
}

/** `ferrule lint`: what is wrong with a ruleset. */
export function addLint(ferrule: Command, exit: Exit): void {
  const command = ferrule
    .command("lint")
    .description("what is wrong with a ruleset, and how to mend it")
    .argument("[rules]", "the rules, or - for standard input");
  hostOptions(rulesOptions(command))
    .option("--also-legacy <file>", "what iptables-legacy-save prints on the same machine, beside the rules of iptables-nft in RULES")
    .option("--level <severity>", "show errors, warnings or info: findings lighter than this are only counted (warning)", severity)
    .option("--fail-on <severity>", "the exit status is 1 for findings as grave as this, or never (what --level shows)", failLevel)
    .option("--only <codes>", "look for these findings only: F01,F07", codes)
    .option("--allowed", "show what comments allow, too")
    .option("--verbose", "show each of many findings that say the same")
    .option("--fix", "print the rules with the fixes of the findings that are shown, and in comments what that opens and closes")
    .option("--explain [code]", "what a finding means and how it is mended; without a code, all of them")
    .option("--sarif", "print SARIF 2.1.0")
    .option("--github", "print annotations for GitHub Actions")
    .option("--json", "print JSON")
    .addHelpText("after", HELP)
    .action(async (path: string | undefined, flags: LintFlags) => {
      if (flags.explain !== undefined) return explain(flags.explain);
      if (path === undefined) throw usageFault("lint", "say which rules, or --explain CODE");
      const warnings: Warned[] = [];
      const warned = (faults: readonly Fault[], text: string): void => void warnings.push({ faults, text });
      const rules = await loadRules(path, { ...flags, warned });
      const host = await loadHost(flags, rules.made);
      const beside = flags.alsoLegacy === undefined ? undefined : await loadBeside(flags.alsoLegacy, flags);
      const subjects = subjectsOf(rules, host, beside, await textsOf([rules, beside], path));
      const found = lint(subjects);
      for (const { faults, text } of warnings) printWarnings(untold(faults, found), text);
      const report = wanted(found, flags);
      const level = flags.level ?? "warning";
      exit.status = fails(report, level, flags) ? 1 : 0;
      if (flags.fix === true) return printFixed(report, subjects, level, flags);
      if (flags.json === true) return put(`${jsonText(lintJson(report))}\n`);
      if (flags.sarif === true) return put(`${jsonText(lintSarif(report.findings, VERSION))}\n`);
      const shown = report.findings.filter(({ severity: found }) => atLeast(found, level));
      if (flags.github === true) return put(lintAnnotations(shown));
      const texts = subjects[0]?.texts;
      putLines(
        lintLines(lintInWords(report, wordsFor([rules.v4, rules.v6])), {
          level,
          width: width(),
          suppressed: flags.allowed ?? false,
          verbose: flags.verbose ?? false,
          source: (file, line) => texts?.get(file)?.[line - 1],
        }),
      );
    });
}

const HELP = `
Each finding has a code; --explain F07 says what it means. A comment allows one where it is meant:
  # ferrule: allow F07 old clients need it     (the line above the rule, the chain or the table)
  -m comment --comment "ferrule: allow F07 old clients need it"

Examples:
  ferrule lint rules.v4
  ferrule lint rules.v4 --v6 rules.v6 --host host.json --level info
  iptables-save | ferrule lint - --fail-on error
  ferrule lint rules.v4 --fix > mended.v4
  ferrule lint rules.v4 --sarif > findings.sarif
  ferrule lint --explain F19`;

/** The other backend's rules are of one file. */
function loadBeside(path: string, { v6: _first, ...flags }: LintFlags): Promise<LoadedRules> {
  return loadRules(path, flags);
}

/** What the reader warned of in one text. */
interface Warned {
  readonly faults: readonly Fault[];
  readonly text: string;
}

/** Warnings that no finding says too: addresses with bits outside their masks and cut prefixes have codes of their own. */
function untold(faults: readonly Fault[], { findings }: LintReport): readonly Fault[] {
  const told = new Set(findings.filter(({ code }) => AS_WARNED.has(code)).map(({ at }) => `${at.file}:${at.line}`));
  return faults.filter(({ file, line }) => !told.has(`${file}:${line}`));
}

const AS_WARNED: ReadonlySet<string> = new Set(["F13", "F33"]);

const put = (text: string): void => void process.stdout.write(text);

function severity(text: string): Severity {
  const found = SEVERITIES.find(each => each === text);
  if (found === undefined) throw new InvalidArgumentError(`expected ${SEVERITIES.join(", ")}`);
  return found;
}

const failLevel = (text: string): Severity | "never" => (text === "never" ? text : severity(text));

function codes(text: string): readonly string[] {
  const list = text.split(",").map(code => code.trim().toUpperCase());
  const unknown = list.find(code => findKind(code) === undefined);
  if (unknown !== undefined) throw new InvalidArgumentError(`there is no finding ${printable(unknown)}`);
  return list;
}

function explain(code: string | true): void {
  const kind = code === true ? undefined : findKind(code);
  if (code !== true && kind === undefined)
    throw usageFault("lint --explain", `there is no finding ${code}: they are F01 to ${FINDING_KINDS.at(-1)?.code}`);
  if (kind) putLines(kindLines(kind));
  else put(FINDING_KINDS.map(({ code: each, title, severity: grave }) => `${each}  ${grave.padEnd(8)} ${title}\n`).join(""));
}

function subjectsOf(
  { v4, v6, sets }: LoadedRules,
  host: Host | undefined,
  beside: LoadedRules | undefined,
  texts: Subject["texts"],
): readonly Subject[] {
  const subjects: Subject[] = [];
  const add = (ruleset: Ruleset | undefined, other: Ruleset | undefined, legacy: Ruleset | undefined): void => {
    if (ruleset) subjects.push({ family: ruleset.family, ruleset, other, beside: legacy, host, sets, texts });
  };
  add(v4, v6, beside?.v4);
  add(v6, v4, beside?.v6);
  return subjects;
}

/** The lines of the files of rules, for excerpts and comments; of a script its own. */
async function textsOf(loaded: readonly (LoadedRules | undefined)[], path: string): Promise<Subject["texts"]> {
  const texts = new Map<string, readonly string[]>();
  for (const { texts: read } of loaded.filter(each => each !== undefined))
    for (const [file, text] of read) texts.set(file, text.split("\n").map(withoutReturn));
  if (texts.size === 0 && path !== "-") texts.set(path, (await readText(path)).split("\n").map(withoutReturn));
  return texts;
}

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);

const wanted = (report: LintReport, { only }: LintFlags): LintReport =>
  only === undefined ? report : { ...report, findings: report.findings.filter(({ code }) => only.includes(code)), unused: [] };

function fails({ findings }: LintReport, level: Severity, { failOn }: LintFlags): boolean {
  if (failOn === "never") return false;
  return findings.some(({ severity: found, suppressed }) => suppressed === undefined && atLeast(found, failOn ?? level));
}

function printFixed({ findings }: LintReport, subjects: readonly Subject[], level: Severity, flags: LintFlags): void {
  const chosen = findings.filter((finding: Finding) => atLeast(finding.severity, level));
  const options = { lenient: flags.lenient, oldSyntax: flags.oldSyntax, keepNames: true };
  const changes = subjects.map(subject => changedText(subject.ruleset, chosen, sourceOf(subject), options));
  const [first] = subjects;
  const of = (family: 4 | 6, rulesets: readonly Ruleset[]): Ruleset | undefined => rulesets.find(ruleset => ruleset.family === family);
  const firewall = (rulesets: readonly Ruleset[]): Firewall => ({
    v4: of(4, rulesets),
    v6: of(6, rulesets),
    host: first?.host,
    sets: first?.sets,
  });
  const after = firewall(changes.map(({ ruleset }) => ruleset));
  const diff = compareFirewalls(firewall(subjects.map(({ ruleset }) => ruleset)), after, {
    names: ["before", "after"],
    now: Date.now() * 1000,
  });
  if (flags.json === true) return put(`${jsonText(lintFixJson(changes, diffJson(diff)))}\n`);
  for (const { text } of changes) put(text === "" || text.endsWith("\n") ? text : `${text}\n`);
  if (changes.every(({ applied, left }) => applied.length === 0 && left.length === 0)) return;
  // Comments, so that the whole can be loaded.
  const told = diffInWords(diff, wordsFor([...subjects, ...changes].map(({ ruleset }) => ruleset)));
  const lines = [...changes.flatMap(({ applied, left }) => fixLines(applied, left)), [], ...diffLines(told, { all: false })];
  put(lines.map(line => `# ${lineText(line)}`.trimEnd()).join("\n") + "\n");
}

/** The text that a family's rules stand in, if it is save text. */
function sourceOf({ ruleset: { tables, family }, texts }: Subject): string | undefined {
  const file = [...tables.values()].flatMap(({ chains }) => [...chains.values()]).find(({ at }) => at.line > 0)?.at.file;
  const text = file === undefined ? undefined : texts.get(file)?.join("\n");
  return text === undefined || kindOf(text, file) !== "save" ? undefined : (splitFamilies(text)?.[family] ?? text);
}
