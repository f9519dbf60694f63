import { randomInt } from "node:crypto";
import { InvalidArgumentError, type Command } from "commander";
import type { Host } from "../../host/index.ts";
import { LINK_TYPE, parsePrefix4, parsePrefix6, type CaptureFault } from "../../packet/index.ts";
import {
  connectionLines,
  countersText,
  jsonText,
  createReplay,
  lineText,
  printable,
  replayJson,
  replayLines,
  type ComesFrom,
  type Line,
  type Replay,
  unresolvedNames,
} from "../../report/index.ts";
import { openCapture, type CaptureInput } from "../capture-input.ts";
import { openOutput, type CaptureOutput } from "../capture-output.ts";
import { usageFault } from "../fault.ts";
import { hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type RulesFlags } from "../input.ts";
import { putLines, width } from "../paint.ts";
import { startProgress } from "../progress.ts";
import { afterScript } from "../script/made.ts";
import type { Exit } from "../exit.ts";

interface ReplayFlags extends RulesFlags, HostOptions {
  readonly in?: string;
  readonly from?: readonly ComesFrom[];
  readonly write?: string;
  readonly counters?: boolean;
  readonly connections?: boolean;
  readonly json?: boolean;
  readonly top?: number;
  readonly plain?: boolean;
}

/** `ferrule replay`: a capture through the firewall. */
export function addReplay(ferrule: Command, _exit: Exit): void {
  hostOptions(
    rulesOptions(
      ferrule.command("replay <rules> <capture>").description("send a capture through the rules, and say what became of its packets"),
    ),
  )
    .option("--in <interface>", "the interface that packets come in on, where the capture does not say")
    .option("--from <network=interface>", "packets from this network come in on this interface (repeatable)", readFrom)
    .option("-w, --write <file>", "write the packets as they leave, answers included, to a capture (.pcapng or pcap)")
    .option("--counters", "print the rules as iptables-save with the counters as they are then, instead of the summary")
    .option("--connections", "print the connections that are then tracked, instead of the summary")
    .option("--json", "print everything as JSON (docs/json.md)")
    .option("--top <number>", "rows of each table (10; in JSON all)", readTop)
    .option("--plain", "ASCII and no colours")
    .addHelpText(
      "after",
      `
CAPTURE is a pcap or pcapng file, compressed by gzip or not, or - for standard input. Time is the capture's own.
Packets from an address of the host are sent by it, all others come in: on the interface that the capture names, else by --from,
else --in, else the one that leads back to their source. Without a host (--host, --if, --route) the busiest address is its own.

Examples:
  ferrule replay rules.v4 monday.pcap
  ferrule replay rules.v4 monday.pcap.gz --if eth0=198.51.100.2/24 -w through.pcap
  ferrule replay gateway.rules lan.pcapng --from 192.168.0.0/16=lan0 --from 0.0.0.0/0=wan0
  ssh router tcpdump -U -w - 'not port 22' | ferrule replay rules.v4 - --counters`,
    )
    .action(replayCommand);
}

function readTop(text: string): number {
  const top = Number(text);
  if (!Number.isInteger(top) || top < 0 || text.trim() === "") throw new InvalidArgumentError("expected a whole number");
  return top;
}

function readFrom(text: string, before: readonly ComesFrom[] = []): readonly ComesFrom[] {
  const at = text.lastIndexOf("=");
  const [network, device] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || device === "") throw new InvalidArgumentError("expected NETWORK=INTERFACE, such as 192.168.0.0/16=lan0");
  const read = network.includes(":") ? parsePrefix6(network) : parsePrefix4(network);
  if ("bad" in read) throw new InvalidArgumentError(`"${read.text}" is not ${read.bad === "mask" ? "a prefix length" : "an address"}`);
  return [...before, { prefix: read.prefix, device }];
}

async function replayCommand(rules: string, path: string, flags: ReplayFlags): Promise<void> {
  if (rules === "-" && path === "-") throw usageFault("-", "rules and capture cannot both come from standard input");
  const { v4, v6, sets, made } = await loadRules(rules, flags);
  for (const sentence of unresolvedNames([v4, v6], sets)) console.error(printable(sentence));
  const host = await loadHost(flags, made);
  if (host) checkInterfaces(host, flags);
  const input = await openCapture(path);
  const replay = createReplay({
    v4,
    v6,
    sets,
    host,
    complete: assumed => afterScript(assumed, made),
    hints: { in: flags.in, from: flags.from },
    frames: flags.write !== undefined,
    random: () => randomInt(2 ** 32),
  });
  const output = flags.write === undefined ? undefined : openOutput(flags.write);
  try {
    const linkType = await play(path, input, replay, output);
    output?.finish(linkType);
  } catch (fault) {
    output?.discard();
    throw fault;
  }
  print(replay, flags);
  if (output) console.error(`${printable(flags.write ?? "")}: ${output.frames} frames written`);
}

/** Runs the capture to its end; answers its link type. */
async function play(path: string, input: CaptureInput, replay: Replay, output: CaptureOutput | undefined): Promise<number> {
  const progress = startProgress();
  let packets = 0;
  let linkType: number | undefined;
  let broken: CaptureFault | undefined;
  const interrupted = (): void => {
    output?.discard();
    process.exit(130);
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    for await (const batch of input.batches) {
      for (const item of batch) {
        if (item.kind === "packet") {
          packets++;
          linkType ??= item.linkType;
        } else broken ??= item;
        for (const frame of replay.take(item)) output?.write(frame);
      }
      progress.show(
        () => `${packets} packets${input.size === undefined ? "" : `, ${Math.floor((input.read() / Math.max(1, input.size)) * 100)} %`}`,
      );
    }
    for (const frame of replay.end()) output?.write(frame);
  } finally {
    progress.clear();
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
  if (packets === 0 && broken) throw usageFault(path, `byte ${broken.offset}: ${broken.message}`);
  return linkType ?? LINK_TYPE.ETHERNET;
}

function checkInterfaces({ interfaces }: Host, { in: input, from = [] }: ReplayFlags): void {
  const names = interfaces.map(({ name }) => name);
  for (const [flag, device] of [["--in", input], ...from.map(each => ["--from", each.device])] as const)
    if (device !== undefined && !names.includes(device))
      throw usageFault(flag ?? "", `the host has no interface ${device}: it has ${names.join(", ")}`);
}

function print(replay: Replay, { counters, connections, json, top, plain }: ReplayFlags): void {
  const summary = replay.summary();
  if (json) {
    const extra = { ...(counters && { counters: countersText(replay) }), ...(connections && { connections: connectionLines(replay) }) };
    process.stdout.write(`${jsonText({ ...replayJson(summary, top), ...extra })}\n`);
    return;
  }
  if (counters || connections) {
    const { v4, v6 } = countersText(replay);
    if (counters) process.stdout.write([v4, v6].filter(text => text !== null).join(""));
    if (connections)
      process.stdout.write(
        connectionLines(replay)
          .map(line => `${line}\n`)
          .join(""),
      );
    for (const { offset, message } of summary.capture.faults) console.error(`byte ${offset} of the capture: ${printable(message)}`);
    return;
  }
  const lines = replayLines(summary, { width: width(), unicode: !plain && speaksUtf8(), top: top ?? TOP });
  if (plain) process.stdout.write(lines.map((line: Line) => `${lineText(line).trimEnd()}\n`).join(""));
  else putLines(lines);
}

const TOP = 10;

/** Does the terminal show more than ASCII? The locale says so. */
function speaksUtf8(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}
