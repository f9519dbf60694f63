import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { checkAssertions, claimedFiles, type AssertionRun, type CheckedRules } from "../../analysis/assertions/index.ts";
import { assertionJson, assertionJunit, assertionLines, assertionTap, jsonText } from "../../report/index.ts";
import { besideAssertions, inputsOf, loadAssertions, type LoadedAssertions } from "../assertion-input.ts";
import { InputFault, printFault, usageFault } from "../fault.ts";
import { hostNames, hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type RulesFlags } from "../input.ts";
import { putLines } from "../paint.ts";
import { reasonOf } from "../reason.ts";
import { watchFiles } from "../watch-files.ts";
import type { Exit } from "../exit.ts";

interface TestFlags extends RulesFlags, HostOptions {
  readonly rules?: string;
  readonly tap?: boolean;
  readonly junit?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

/** `ferrule test`: assertions on a ruleset, proven for all packets. */
export function addTest(ferrule: Command, exit: Exit): void {
  hostOptions(
    rulesOptions(
      ferrule.command("test <file>").description("assertions on a ruleset, proven for all packets; a counterexample where one fails"),
    ),
  )
    .option("--rules <rules>", "test these rules instead of those that FILE names")
    .option("--tap", "print the Test Anything Protocol, version 14")
    .option("--junit <file>", "write JUnit XML to a file, too; - prints it instead")
    .option("--json", "everything as JSON (docs/json.md)")
    .option("--watch", "run again when a file changes")
    .addHelpText("after", HELP)
    .action(async (path: string, flags: TestFlags) => {
      if (flags.watch === true) return watch(path, flags);
      const run = await check(await loadAssertions(path), flags);
      await print(run, flags);
      exit.status = run.results.every(({ outcome }) => outcome === "holds") ? 0 : 1;
    });
}

async function check(loaded: LoadedAssertions, flags: TestFlags): Promise<AssertionRun> {
  const inputs = inputsOf(loaded, flags.rules, flags);
  const rules = await checkedRules(inputs.rules, inputs.flags);
  const others = new Map<string, CheckedRules>();
  for (const name of claimedFiles(loaded.file))
    others.set(name, await checkedRules(besideAssertions(loaded, name), without6(inputs.flags)));
  const names = await hostNames(inputs.flags.resolve);
  const checked = (): ReturnType<typeof checkAssertions> => checkAssertions(loaded.file, { ...rules, resolve: names.resolve }, others);
  let run = checked();
  if (await names.learn()) run = checked();
  if ("faults" in run) throw new InputFault(run.faults, loaded.text);
  return { ...run, file: loaded.path };
}

const without6 = ({ v6, ...flags }: RulesFlags & HostOptions): RulesFlags & HostOptions => (v6 === undefined ? flags : flags);

async function checkedRules(path: string, flags: RulesFlags & HostOptions): Promise<CheckedRules> {
  const { v4, v6, sets, made, texts } = await loadRules(path, flags);
  const lines = new Map(Array.from(texts, ([file, text]) => [file, text.split(/\r?\n/)] as const));
  return { v4, v6, sets, host: await loadHost(flags, made), texts: lines };
}

async function print(run: AssertionRun, { tap, junit, json }: TestFlags): Promise<void> {
  if (junit === "-") return put(assertionJunit(run));
  if (junit !== undefined)
    try {
      await writeFile(junit, assertionJunit(run));
    } catch (fault) {
      throw usageFault(junit, `cannot be written: ${reasonOf(fault)}`);
    }
  if (tap === true) return put(assertionTap(run));
  if (json === true) return put(`${jsonText(assertionJson(run))}\n`);
  putLines(assertionLines(run));
}

const put = (text: string): void => void process.stdout.write(text);

/** Runs again and again, until the program is interrupted; faults are told and waited out. */
async function watch(path: string, flags: TestFlags): Promise<void> {
  if (path === "-") throw usageFault("--watch", "standard input does not change: name a file");
  for (;;) {
    const start = Date.now();
    let files = [path];
    try {
      const loaded = await loadAssertions(path);
      const { rules, flags: inputs } = inputsOf(loaded, flags.rules, flags);
      const named = [rules, inputs.v6, inputs.host, inputs.ipset, inputs.resolve === "dns" ? undefined : inputs.resolve];
      files = [path, ...named.filter(file => file !== undefined), ...claimedFiles(loaded.file).map(name => besideAssertions(loaded, name))];
      await print(await check(loaded, flags), flags);
    } catch (fault) {
      if (!(fault instanceof InputFault)) throw fault;
      printFault(fault);
    }
    await changeOf(files, start);
    process.stdout.write("\n");
  }
}

/** Waits until one of the files changes; a change since `start` (ms since the epoch) counts. */
function changeOf(files: readonly string[], start: number): Promise<void> {
  return new Promise(resolve => {
    const watcher = watchFiles(files, () => {
      watcher.stop();
      resolve();
    });
    if (files.some(file => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= start)) watcher.changed();
  });
}

const HELP = `
FILE is YAML (share/ferrule-test.schema.json):
  rules: gateway.rules            # and v6:, host:, ipset:, resolve: as the options of these names; relative to FILE
  vars:
    office: 203.0.113.0/24, 198.51.100.7
  assert:
    - name: the office may ssh
      allow: from $office to self tcp 22
    - deny: from ! $office to self tcp 22
    - at most: [from any to self tcp 80,443, from $office to self tcp 22]
      path: in
    - invariant: out != tun0 implies drop
    - no strays
    - no finding: [F07, F15]
    - equal to: last-week.rules

Claims are allow, deny, reject, half-open (questions as in \`ferrule query\`), no strays, at most, invariant, no finding and equal to.
The exit status is 0 when all hold, else 1.

Examples:
  ferrule test firewall.yaml
  ferrule test firewall.yaml --rules new.rules --junit results.xml
  ferrule test firewall.yaml --watch`;
