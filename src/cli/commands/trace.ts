import { randomInt } from "node:crypto";
import type { Command } from "commander";
import { createFirewall, runPacket, runSession, type Firewall } from "../../engine/index.ts";
import { assumeHost, passengerOf, type Host } from "../../host/index.ts";
import { printNotation } from "../../packet/index.ts";
import {
  jsonText,
  lineText,
  missingRules,
  outcomeJson,
  packetStatus,
  printable,
  sessionJson,
  sessionLines,
  sessionStatus,
  traceLines,
  TRACE_JSON_VERSION,
  verdictLines,
  type Json,
  type Line,
  unresolvedNames,
} from "../../report/index.ts";
import { hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type RulesFlags } from "../input.ts";
import { checkInterfaces, openerOf, readPacket, type PacketArgument } from "../packet-argument.ts";
import { putLines, width } from "../paint.ts";
import { afterScript } from "../script/made.ts";
import type { Exit } from "../exit.ts";

interface TraceFlags extends RulesFlags, HostOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** µs between two packets of one command. */
const GAP = 10_000;

/** `ferrule trace`: packets or whole sessions, hook by hook. */
export function addTrace(ferrule: Command, exit: Exit): void {
  hostOptions(
    rulesOptions(
      ferrule
        .command("trace <rules> <packets...>")
        .description("follow packets or sessions through the rules, and say what decided and why"),
    ),
  )
    .option("-a, --all", "every rule that did not match, every step of the kernel's own answers")
    .option("--json", "everything as JSON (docs/json.md)")
    .addHelpText(
      "after",
      `
PACKET is PROTO SOURCE > DESTINATION and words in any order, quoted for the shell; several are sent one after the other.
With \`in IF\` alone the packet is for this host, with \`out IF\` alone from it, with both it is forwarded; --if and --route say better.
The word \`session\` before it plays the whole session that the packet opens.

Examples:
  ferrule trace rules.v4 'tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0'
  ferrule trace rules.v4 'session udp 198.51.100.2:33000 > 9.9.9.9:53 out eth0'
  ferrule trace gateway.rules --if wan0=198.51.100.2/24 --if lan0=192.168.1.1/24 \\
    --route 'default via 198.51.100.1 dev wan0' 'session tcp 192.168.1.10 > 203.0.113.80:443 syn in lan0'`,
    )
    .action(async (path: string, texts: string[], flags: TraceFlags) => {
      const packets = texts.map(readPacket);
      const { v4, v6, sets, made } = await loadRules(path, flags);
      const host =
        (await loadHost(flags, made)) ??
        afterScript(
          assumeHost(
            [v4, v6],
            packets.map(({ spec }) => passengerOf(spec)),
          ),
          made,
        );
      const assumed = [
        ...missingRules(
          { v4, v6 },
          packets.map(({ spec }) => spec.family),
          " (--v6 FILE)",
        ),
        ...unresolvedNames([v4, v6], sets),
        ...host.assumed,
      ];
      const start = Date.now() * 1000;
      const firewall = createFirewall({ v4, v6, host, sets, start, random: () => randomInt(2 ** 32) });
      const results = packets.map((packet, index) => runOne(firewall, host, packet, start + index * SESSION_TIME));
      exit.status = results.some(({ status }) => status === 1) ? 1 : 0;
      if (flags.json) {
        process.stdout.write(
          `${jsonText({ ferrule: "trace", version: TRACE_JSON_VERSION, assumed, packets: results.map(({ json }) => json()) })}\n`,
        );
        return;
      }
      for (const [index, { lines }] of results.entries()) {
        if (index > 0) process.stdout.write("\n");
        putLines(lines({ all: flags.all ?? false, width: width() }));
      }
      if (assumed.length > 0) putLines([[], assumedLine(assumed)]);
    });
}

/** µs that are set apart for each packet or session of a command. */
const SESSION_TIME = 100 * GAP;

interface Result {
  readonly status: 0 | 1;
  lines(detail: { readonly all: boolean; readonly width: number }): readonly Line[];
  json(): Json;
}

function runOne(firewall: Firewall, host: Host, argument: PacketArgument, now: number): Result {
  checkInterfaces(host, argument);
  const { spec } = argument;
  const title: Line = [{ text: printable(printNotation(spec)), tone: "strong" }];
  if (spec.session) {
    const result = runSession(firewall, openerOf(argument), now, GAP, { trace: true });
    return {
      status: sessionStatus(result),
      lines: detail => [title, [], ...sessionLines(result, detail)],
      json: () => ({ session: lineText(title), ...(sessionJson(result) as object) }),
    };
  }
  const outcome = runPacket(firewall, spec, now, { trace: true });
  return {
    status: packetStatus(outcome),
    lines: detail => [title, [], ...traceLines(outcome.events, detail), [], ...verdictLines(outcome)],
    json: () => ({ packet: lineText(title), ...(outcomeJson(outcome) as object) }),
  };
}

const assumedLine = (assumed: readonly string[]): Line => [
  { text: `Assumed, because nothing said otherwise (see --host, --if, --route): ${printable(assumed.join("; "))}.`, tone: "dim" },
];
