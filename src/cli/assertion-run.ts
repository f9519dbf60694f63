import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { checkAssertions, claimedFiles, type AssertionRun, type CheckedRules } from "../analysis/assertions/index.ts";
import { assertionJson, assertionJunit, assertionLines, assertionsInWords, assertionTap, jsonText, wordsFor } from "../report/index.ts";
import { besideAssertions, inputsOf, loadAssertions, type LoadedAssertions } from "./assertion-input.ts";
import { InputFault, printFault, usageFault } from "./fault.ts";
import { hostNames, loadHost, loadRules, type HostOptions, type RulesFlags } from "./input.ts";
import { putLines } from "./paint.ts";
import { reasonOf } from "./reason.ts";
import { watchFiles } from "./watch-files.ts";

/** What `ferrule test` was told. */
export interface TestFlags extends RulesFlags, HostOptions {
  readonly rules?: string;
  readonly tap?: boolean;
  readonly junit?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

/** A run as it is, for programs, and with its conditions in words. */
interface Checked {
  readonly run: AssertionRun;
  readonly told: AssertionRun;
}

/** Tests the assertions of a file once and prints what came out: do all hold? Throws InputFault. */
export async function testOnce(path: string, flags: TestFlags): Promise<boolean> {
  const checked = await check(await loadAssertions(path), flags);
  await print(checked, flags);
  return checked.run.results.every(({ outcome }) => outcome === "holds");
}

async function check(loaded: LoadedAssertions, flags: TestFlags): Promise<Checked> {
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
  const whole = { ...run, file: loaded.path };
  return { run: whole, told: assertionsInWords(whole, wordsFor([rules.v4, rules.v6])) };
}

const without6 = ({ v6, ...flags }: RulesFlags & HostOptions): RulesFlags & HostOptions => (v6 === undefined ? flags : flags);

async function checkedRules(path: string, flags: RulesFlags & HostOptions): Promise<CheckedRules> {
  const { v4, v6, sets, made, texts } = await loadRules(path, flags);
  const lines = new Map(Array.from(texts, ([file, text]) => [file, text.split(/\r?\n/)] as const));
  return { v4, v6, sets, host: await loadHost(flags, made), texts: lines };
}

async function print({ run, told }: Checked, { tap, junit, json }: TestFlags): Promise<void> {
  if (junit === "-") return put(assertionJunit(told));
  if (junit !== undefined)
    try {
      await writeFile(junit, assertionJunit(told));
    } catch (fault) {
      throw usageFault(junit, `cannot be written: ${reasonOf(fault)}`);
    }
  if (tap === true) return put(assertionTap(told));
  if (json === true) return put(`${jsonText(assertionJson(run))}\n`);
  putLines(assertionLines(told));
}

const put = (text: string): void => void process.stdout.write(text);

/** Runs again and again, until the program is interrupted; faults are told and waited out. */
export async function watchTests(path: string, flags: TestFlags): Promise<void> {
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

/** ms by which a file's time may be behind the clock. Kernel: timekeeping.c, ktime_get_coarse_real_ts64. */
const CLOCK = 20;

/** Waits until one of the files changes; a change since `start` (ms since the epoch) counts. */
function changeOf(files: readonly string[], start: number): Promise<void> {
  return new Promise(resolve => {
    const watcher = watchFiles(files, () => {
      watcher.stop();
      resolve();
    });
    if (files.some(file => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= start - CLOCK)) watcher.changed();
  });
}
