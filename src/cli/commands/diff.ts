import type { Command } from "commander";
import { compareFamilies, compareFirewalls, isEqual, type DiffReport } from "../../analysis/diff/index.ts";
import type { Firewall } from "../../analysis/index.ts";
import { diffInWords, diffJson, diffLines, jsonText, wordsFor } from "../../report/index.ts";
import { hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type LoadedRules, type RulesFlags } from "../input.ts";
import { usageFault } from "../fault.ts";
import { putLines } from "../paint.ts";
import type { Exit } from "../exit.ts";

interface DiffFlags extends RulesFlags, HostOptions {
  readonly v6After?: string;
  readonly v4V6?: boolean;
  readonly strict?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `ferrule diff`: what a change opens and closes. */
export function addDiff(ferrule: Command, exit: Exit): void {
  hostOptions(
    rulesOptions(
      ferrule
        .command("diff <before> [after]")
        .description("what a change of rules opens, closes and changes, proven for all sessions and packets"),
    ),
  )
    .option("--v6-after <file>", "the IPv6 rules beside AFTER, where --v6 names those beside BEFORE")
    .option("--v4-v6", "compare the IPv4 rules of BEFORE with its IPv6 rules, service by service")
    .option("--strict", "logging and marks count as well")
    .option("-a, --all", "every class that differs, not the first ones")
    .option("--json", "everything as JSON (docs/json.md)")
    .addHelpText(
      "after",
      `
+ is what AFTER lets through and BEFORE does not, - the other way round, ~ what both treat otherwise (drop or reject, NAT).
Sessions count, and packets outside of sessions; each class comes with a witness that was run through both firewalls.
Exit status: 0 proven equal, 1 different, 2 trouble.

Examples:
  ferrule diff rules.v4 rules.v4.new
  iptables-save | ferrule diff - /etc/iptables/rules.v4 --strict
  ferrule diff --v4-v6 rules.v4 --v6 rules.v6
  ferrule diff old.v4 new.v4 --v6 old.v6 --v6-after new.v6 --if wan0=198.51.100.2/24 --if lan0=192.168.1.1/24`,
    )
    .action(async (before: string, after: string | undefined, flags: DiffFlags) => {
      const { report, of } = flags.v4V6 ? await families(before, after, flags) : await rulesets(before, after, flags);
      if (flags.json) process.stdout.write(`${jsonText(diffJson(report))}\n`);
      else putLines(diffLines(diffInWords(report, wordsFor(of.flatMap(({ v4, v6 }) => [v4, v6]))), { all: flags.all ?? false }));
      exit.status = isEqual(report) ? 0 : 1;
    });
}

/** A comparison and what was compared. */
interface Compared {
  readonly report: DiffReport;
  readonly of: readonly Firewall[];
}

async function families(path: string, other: string | undefined, flags: DiffFlags): Promise<Compared> {
  if (other !== undefined) throw usageFault(other, "--v4-v6 compares the families of one ruleset: name the IPv6 rules with --v6");
  if (flags.strict || flags.v6After !== undefined) throw usageFault("--v4-v6", "goes neither with --strict nor with --v6-after");
  const firewall = await firewallOf(await loadRules(path, flags), flags);
  return { report: compareFamilies(firewall, options(flags)), of: [firewall] };
}

async function rulesets(beforePath: string, afterPath: string | undefined, flags: DiffFlags): Promise<Compared> {
  if (afterPath === undefined) throw usageFault(beforePath, "a second ruleset to compare it with is missing (or --v4-v6)");
  if ((flags.v6 === undefined) !== (flags.v6After === undefined))
    throw usageFault(flags.v6 === undefined ? "--v6-after" : "--v6", "--v6 and --v6-after belong together");
  if (beforePath === "-" && afterPath === "-") throw usageFault("-", "standard input can be one of the two");
  const { v6: _beside, v6After, ...shared } = flags;
  const before = await firewallOf(await loadRules(beforePath, flags), flags);
  const after = await firewallOf(await loadRules(afterPath, { ...shared, ...(v6After !== undefined && { v6: v6After }) }), flags);
  const report = compareFirewalls(before, after, {
    ...options(flags),
    names: [beforePath, afterPath],
    strict: flags.strict ?? false,
    fold: !flags.all && !flags.json,
  });
  return { report, of: [before, after] };
}

const options = ({ all }: DiffFlags): { readonly limit: number; readonly now: number } => ({
  limit: all ? EVERYTHING : SHOWN,
  now: Date.now() * 1000,
});

/** Classes of each path and sort that are described. */
const SHOWN = 40;
const EVERYTHING = 100_000;

async function firewallOf({ v4, v6, sets, made }: LoadedRules, flags: DiffFlags): Promise<Firewall> {
  return { v4, v6, sets, host: await loadHost(flags, made) };
}
