import { writeFile } from "node:fs/promises";
import { InvalidArgumentError, type Command } from "commander";
import { PATHS, type Firewall, type Path, type PolicyReport } from "../../analysis/index.ts";
import { matricesOf, policyOf } from "../../analysis/policy/index.ts";
import { hasPorts, protocolNumber } from "../../packet/index.ts";
import {
  inWords,
  jsonText,
  matrixJson,
  matrixText,
  policyCsv,
  policyHtml,
  policyJson,
  policyLines,
  policySvg,
} from "../../report/index.ts";
import { usageFault } from "../fault.ts";
import { hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type RulesFlags } from "../input.ts";
import { putLines, width } from "../paint.ts";
import { reasonOf } from "../reason.ts";
import type { Exit } from "../exit.ts";

interface PolicyFlags extends RulesFlags, HostOptions {
  readonly path?: readonly Path[];
  readonly all?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly svg?: string;
  readonly html?: string;
  readonly matrix?: readonly Service[];
  readonly chain?: string;
  readonly fromPort: number;
  readonly sure?: boolean;
}

interface Service {
  readonly protocol: number;
  readonly port: number;
}

/** Rows of a table: a few more than a screen shows, as some turn out to be one, and as many as a file holds. */
const SCREEN_ROWS = 48;
const FILE_ROWS = 5000;
/** A screen shows no packets of sessions that work, and of half-open ones who stops them. */
const SCREEN_WITNESSES = { usable: 0, halfOpen: 16, other: 100 };
const FILE_WITNESSES = { usable: 300, halfOpen: 200, other: 100 };

function readPath(text: string, before: readonly Path[] = []): readonly Path[] {
  const path = PATHS.find(each => each === text);
  if (path === undefined) throw new InvalidArgumentError(`expected one of ${PATHS.join(", ")}`);
  return [...before, path];
}

/** `tcp/22,udp/53` */
function readServices(text: string, before: readonly Service[] = []): readonly Service[] {
  const services = text.split(",").map(word => {
    const [name = "", port = "", ...rest] = word.split("/");
    const protocol = protocolNumber(name);
    if (protocol === undefined || !hasPorts(protocol) || rest.length > 0)
      throw new InvalidArgumentError("expected services such as tcp/22,udp/53");
    return { protocol, port: readPort(port) };
  });
  return [...before, ...services];
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) throw new InvalidArgumentError("expected a port, 0 to 65535");
  return port;
}

/** `ferrule policy`: the sessions that a firewall allows, and what strays. */
export function addPolicy(ferrule: Command, exit: Exit): void {
  hostOptions(
    rulesOptions(
      ferrule
        .command("policy <rules>")
        .description("what a firewall allows: sessions as a table, half-open sessions, and packets that stray"),
    ),
  )
    .option("--path <in|out|forward|local>", "only sessions to, from or through the machine, or over its loopback (repeatable)", readPath)
    .option("-a, --all", "every row, with a packet that shows it and the rules that decided")
    .option("--json", "everything as JSON (docs/json.md)")
    .option("--csv", "a line for each row, for spreadsheets")
    .option("--svg <file>", "a picture of services and clients (`-` for standard output)")
    .option("--html <file>", "one page that needs nothing else (`-` for standard output)")
    .option(
      "--matrix <services>",
      "instead: for tcp/22,udp/53, the classes of addresses and who may open it to whom, every class in full",
      readServices,
    )
    .option("--chain <name>", "with --matrix: openers that this chain of the filter table accepts, and nothing else of the firewall")
    .option("--sure", "with --matrix: only what no condition (limit, recent and others) can stop")
    .option("--from-port <port>", "with --matrix: the client's port", readPort, 10_000)
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
  ferrule policy rules.v4 --csv > policy.csv
  ferrule policy rules.v4 --matrix tcp/22,tcp/80 --chain FORWARD`,
    )
    .action(async (path: string, flags: PolicyFlags) => {
      const { v4, v6, sets, made } = await loadRules(path, flags);
      const host = await loadHost(flags, made);
      const now = Date.now() * 1000;
      if (flags.matrix) return showMatrices({ v4, v6, sets, host }, flags, now);
      const toFile = flags.json === true || flags.csv === true || flags.svg !== undefined || flags.html !== undefined || flags.all === true;
      const report = policyOf(
        { v4, v6, sets, host },
        {
          rows: toFile ? FILE_ROWS : SCREEN_ROWS,
          witnesses: toFile ? FILE_WITNESSES : SCREEN_WITNESSES,
          now,
          ...(flags.path && { paths: flags.path }),
        },
      );
      exit.status = 0;
      if (flags.svg !== undefined) await put(flags.svg, policySvg(inWords(report, [v4, v6])));
      if (flags.html !== undefined) await put(flags.html, policyHtml(inWords(report, [v4, v6]), path === "-" ? "this firewall" : path));
      if (flags.json) process.stdout.write(`${jsonText(policyJson(report))}\n`);
      if (flags.csv) process.stdout.write(policyCsv(report));
      if (!flags.json && !flags.csv && flags.svg === undefined && flags.html === undefined)
        showText(inWords(report, [v4, v6]), flags.all ?? false);
    });
}

function showMatrices(firewall: Firewall, { matrix = [], chain, fromPort, path, json, sure = false }: PolicyFlags, now: number): void {
  const { v4, v6 } = firewall;
  if (chain !== undefined && ![v4, v6].some(rules => rules?.tables.get("filter")?.chains.has(chain)))
    throw usageFault("--chain", `there is no chain ${chain} in the filter table`);
  const questions = matrix.map(service => ({ ...service, sourcePort: fromPort, sure }));
  const matrices = matricesOf(firewall, { questions, chain, now, ...(path && { paths: path }) });
  process.stdout.write(
    json ? `${jsonText({ ferrule: "policy-matrix", version: 1, matrices: matrixJson(matrices) })}\n` : matrixText(matrices),
  );
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
