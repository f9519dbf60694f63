import { writeFile } from "node:fs/promises";
import { InvalidArgumentError, type Command } from "commander";
import { policyOf } from "../../analysis/policy/index.ts";
import { PATHS, type Path } from "../../analysis/witness.ts";
import { jsonText, policyCsv, policyHtml, policyJson, policyLines, policySvg } from "../../report/index.ts";
import type { PolicyReport } from "../../analysis/policy-report.ts";
import { usageFault } from "../fault.ts";
import { hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type RulesFlags } from "../input.ts";
import { putLines, width } from "../paint.ts";
import { reasonOf } from "../reason.ts";
import { unresolvedNames } from "../unresolved.ts";
import type { Exit } from "../exit.ts";

interface PolicyFlags extends RulesFlags, HostOptions {
  readonly path?: readonly Path[];
  readonly all?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly svg?: string;
  readonly html?: string;
}

/** Rows of a table: as a screen shows them, and as a file holds them. */
const SCREEN_ROWS = 200;
const FILE_ROWS = 5000;
const SCREEN_WITNESSES = 400;
const FILE_WITNESSES = 2000;

function readPath(text: string, before: readonly Path[] = []): readonly Path[] {
  const path = PATHS.find(each => each === text);
  if (path === undefined) throw new InvalidArgumentError(`expected one of ${PATHS.join(", ")}`);
  return [...before, path];
}

/** `ferrule policy`: the sessions that a firewall allows, and what strays. */
export function addPolicy(ferrule: Command, exit: Exit): void {
  hostOptions(
    rulesOptions(
      ferrule.command("policy <rules>").description("what a firewall allows: sessions as a table, half-open sessions, and packets that stray"),
    ),
  )
    .option("--path <in|out|forward|local>", "only sessions to, from or through the machine, or over its loopback (repeatable)", readPath)
    .option("-a, --all", "every row, with a packet that shows it and the rules that decided")
    .option("--json", "everything as JSON (docs/json.md)")
    .option("--csv", "a line for each row, for spreadsheets")
    .option("--svg <file>", "a picture of services and clients (`-` for standard output)")
    .option("--html <file>", "one page that needs nothing else (`-` for standard output)")
    .addHelpText(
      "after",
      `
A session is usable when its first packet, the answer and everything after that get through; half open when it dies later.
Strays are packets that pass although they belong to no session. Every packet that is printed has been run through the rules.
Without a host (--host, --if) every address can be the machine's own, and it forwards.

Examples:
  ferrule policy rules.v4
  ferrule policy rules.v4 --v6 rules.v6 --path in --all
  ferrule policy gateway.rules --if wan0=198.51.100.2/24 --if lan0=192.168.1.1/24 --html gateway.html
  ferrule policy rules.v4 --csv > policy.csv`,
    )
    .action(async (path: string, flags: PolicyFlags) => {
      const { v4, v6, sets, made } = await loadRules(path, flags);
      const host = await loadHost(flags, made);
      const toFile = flags.json === true || flags.csv === true || flags.svg !== undefined || flags.html !== undefined || flags.all === true;
      const report = policyOf(
        { v4, v6, sets, host },
        {
          rows: toFile ? FILE_ROWS : SCREEN_ROWS,
          witnesses: toFile ? FILE_WITNESSES : SCREEN_WITNESSES,
          now: Date.now() * 1000,
          ...(flags.path && { paths: flags.path }),
        },
      );
      exit.status = 0;
      const told = { ...report, assumptions: [...report.assumptions, ...unresolvedNames([v4, v6], sets)] };
      if (flags.svg !== undefined) await put(flags.svg, policySvg(told));
      if (flags.html !== undefined) await put(flags.html, policyHtml(told, path === "-" ? "this firewall" : path));
      if (flags.json) process.stdout.write(`${jsonText(policyJson(told))}\n`);
      if (flags.csv) process.stdout.write(policyCsv(told));
      if (!flags.json && !flags.csv && flags.svg === undefined && flags.html === undefined) showText(told, flags.all ?? false);
    });
}

function showText(report: PolicyReport, all: boolean): void {
  putLines(policyLines(report, { width: width(), all }));
}

async function put(path: string, text: string): Promise<void> {
  if (path === "-") {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(path, text);
  } catch (fault) {
    throw usageFault(path, `cannot be written: ${reasonOf(fault)}`);
  }
}
