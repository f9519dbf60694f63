import { writeFile } from "node:fs/promises";
import { InvalidArgumentError, type Command } from "commander";
import { printMadeSets, ruleCosts, safelyOptimized, type CostChange, type Safe } from "../../analysis/optimize/index.ts";
import type { Family } from "../../predicate/index.ts";
import {
  commentedRules,
  jsonText,
  lineText,
  optimizeJson,
  optimizeLines,
  printable,
  type KernelTiming,
  type OptimizedFamily,
} from "../../report/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { readIpsets } from "../../syntax/index.ts";
import { usageFault } from "../fault.ts";
import { hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type LoadedRules, type RulesFlags } from "../input.ts";
import { timedByKernel } from "../kernel-time/index.ts";
import { putLines } from "../paint.ts";
import { playedCounts, type PlayedCounts } from "../played-counts.ts";
import { reasonOf } from "../reason.ts";
import type { Exit } from "../exit.ts";

interface OptimizeFlags extends RulesFlags, HostOptions {
  readonly weights?: string;
  readonly in?: string;
  readonly ipsetOut?: string;
  readonly removeDead?: boolean;
  readonly whole?: boolean;
  readonly splitFrom: number;
  readonly counters?: boolean;
  readonly write?: string;
  readonly all?: boolean;
  readonly kernel?: boolean;
  readonly json?: boolean;
}

/** `ferrule optimize`: the same firewall, fewer tests per packet. */
export function addOptimize(ferrule: Command, exit: Exit): void {
  hostOptions(
    rulesOptions(
      ferrule
        .command("optimize <rules>")
        .description("the same firewall with fewer rules tested for a packet, proven equal before it is printed"),
    ),
  )
    .option("--weights <capture>", "order by the packets of a capture (pcap, pcapng), not by the rules' counters")
    .option("--in <interface>", "with --weights: the interface that packets come in on, where the capture does not say")
    .option("--ipset-out <file>", "rules that differ in an address only become one that asks an ipset, which this file makes")
    .option("--remove-dead", "leave out rules that no packet reaches")
    .option("--whole", "it is enough that whole packets are treated alike: fragments and packets with a cut header need not be")
    .option("--split-from <rules>", "split runs of so many rules into chains; 0 for never", readCount, 24)
    .option("-c, --counters", "print packet and byte counters, as iptables-save -c")
    .option("-w, --write <file>", "write the rules there, and print the report alone")
    .option("-a, --all", "every rule by number, not the first ones")
    .option("--kernel", "let the kernel of this machine say what a packet costs before and after (root, in a namespace of its own)")
    .option("--json", "everything as JSON (docs/json.md)")
    .addHelpText(
      "after",
      `
Rules are put in order by their counters (iptables-save -c) or by a capture, merged into lists of ports, ranges of addresses or ipsets,
and long runs are split into chains by protocol, port or address. Rules change places only where no packet can tell; counters, comments
and log lines stay. The rules are printed when they are proven equal for all packets, with the report as comments above them.
Exit status: 0, or 1 when nothing could be proven (then no rules are printed), 2 trouble.

Examples:
  iptables-save -c | ferrule optimize - > rules.new
  ferrule optimize rules.v4 --weights monday.pcap -c -w rules.new
  ferrule optimize blocklist.v4 --ipset-out blocklist.ipset -w rules.new
  sudo ferrule optimize rules.v4 --kernel -w rules.new`,
    )
    .action((path: string, flags: OptimizeFlags) => optimizeCommand(path, flags, exit));
}

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count === 1 || text.trim() === "")
    throw new InvalidArgumentError("expected a number of rules, 2 or more, or 0");
  return count;
}

async function optimizeCommand(path: string, flags: OptimizeFlags, exit: Exit): Promise<void> {
  const loaded = await loadRules(path, flags);
  const host = await loadHost(flags, loaded.made);
  const played = flags.weights === undefined ? undefined : await playedCounts(flags.weights, loaded, host, flags.in);
  const families: OptimizedFamily[] = [];
  for (const ruleset of [loaded.v4, loaded.v6]) {
    if (ruleset === undefined) continue;
    const { family } = ruleset;
    const safe = safelyOptimized(ruleset, {
      sets: loaded.sets,
      makeSets: flags.ipsetOut !== undefined,
      splitFrom: flags.splitFrom,
      removeDead: flags.removeDead ?? false,
      whole: flags.whole ?? false,
      counted: played?.counted(family),
    });
    if ("reason" in safe) {
      console.error(`IPv${family}: no rules are printed, because they could not be proven equal: ${printable(safe.reason)}`);
      exit.status = 1;
      return;
    }
    families.push(await reported(ruleset, safe, played, loaded, flags));
  }
  if (flags.ipsetOut !== undefined) await save(flags.ipsetOut, printMadeSets(families.flatMap(({ sets }) => sets)));
  if (flags.write !== undefined) await save(flags.write, rulesText(families));
  print(families, flags);
}

async function reported(
  ruleset: Ruleset,
  safe: Safe,
  played: PlayedCounts | undefined,
  loaded: LoadedRules,
  flags: OptimizeFlags,
): Promise<OptimizedFamily> {
  const { family } = ruleset;
  const { result } = safe;
  const { sets } = result;
  const withMade = sets.length === 0 ? loaded.sets : readIpsets(printMadeSets(sets), "made sets", 0, loaded.sets?.copy()).sets;
  const replayed = await played?.play({ ...loaded, sets: withMade, [`v${family}`]: result.ruleset });
  const costs = replayed ? measured(played?.counted(family), replayed.counted(family), result.costs) : result.costs;
  const kernel: KernelTiming | undefined = flags.kernel
    ? await timedByKernel({ before: ruleset, after: result.ruleset, sets: withMade })
    : undefined;
  const rules = commentedRules(result.ruleset, { counters: flags.counters ?? false, texts: loaded.texts, origins: result.origins });
  return { family, safe, costs, capture: flags.weights, sets, kernel, rules };
}

/** Costs by what was counted when a capture was played; chains that it did not reach stay as they are. */
function measured(before: Ruleset | undefined, after: Ruleset | undefined, estimated: readonly CostChange[]): readonly CostChange[] {
  if (!before || !after) return estimated;
  const [old, fresh] = [ruleCosts(before), ruleCosts(after)];
  return estimated.map(cost => {
    const [one, other] = [old, fresh].map(costs => costs.get(cost.table)?.find(({ chain }) => chain === cost.chain));
    return one && other && one.packets > 0 && other.packets > 0 ? { ...cost, before: one, after: other } : cost;
  });
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (fault) {
    throw usageFault(path, `cannot be written: ${reasonOf(fault)}`);
  }
}

function print(families: readonly OptimizedFamily[], flags: OptimizeFlags): void {
  if (flags.json) {
    process.stdout.write(`${jsonText(optimizeJson(families))}\n`);
    return;
  }
  const detail = { all: flags.all ?? false };
  if (flags.write !== undefined) {
    for (const [index, family] of families.entries()) putLines([...(index > 0 ? [[]] : []), ...optimizeLines(family, detail)]);
    return;
  }
  for (const family of families) {
    // Both families may come in one text: this first line tells them apart.
    process.stdout.write(
      `${title(family.family)}${optimizeLines(family, detail)
        .map(line => `# ${lineText(line)}`.trimEnd() + "\n")
        .join("")}${family.rules}`,
    );
  }
}

const title = (family: Family): string => `# Generated by ${family === 6 ? "ip6tables" : "iptables"}-save, for ferrule optimize\n`;

const rulesText = (families: readonly OptimizedFamily[]): string =>
  families.map(({ family, rules }) => `${title(family)}${rules}`).join("");
