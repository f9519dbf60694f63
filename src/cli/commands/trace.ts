import { randomInt } from "node:crypto";
import type { Command } from "commander";
import { createFirewall, runSession, type Firewall, type SessionSpec } from "../../engine/index.ts";
import { assumeHost, type Host, type Passenger } from "../../host/index.ts";
import { isNotationFault, parseNotation, printNotation, PROTOCOL, specToBytes, type PacketSpec } from "../../packet/index.ts";
import { CT_STATE } from "../../predicate/index.ts";
import {
  jsonText,
  lineText,
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
} from "../../report/index.ts";
import { InputFault } from "../fault.ts";
import { hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type RulesFlags } from "../input.ts";
import { putLines, width } from "../paint.ts";
import type { Exit } from "../program.ts";

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
      const specs = texts.map(readPacket);
      const { v4, v6 } = await loadRules(path, flags);
      const host = (await loadHost(flags)) ?? assumeHost([v4, v6], specs.map(passenger));
      const start = Date.now() * 1000;
      const firewall = createFirewall({ v4, v6, host, start, random: () => randomInt(2 ** 32) });
      const results = specs.map((spec, index) => runOne(firewall, host, spec, start + index * SESSION_TIME));
      exit.status = results.some(({ status }) => status === 1) ? 1 : 0;
      if (flags.json) {
        process.stdout.write(
          `${jsonText({ ferrule: "trace", version: TRACE_JSON_VERSION, assumed: host.assumed, packets: results.map(({ json }) => json()) })}\n`,
        );
        return;
      }
      for (const [index, { lines }] of results.entries()) {
        if (index > 0) process.stdout.write("\n");
        putLines(lines({ all: flags.all ?? false, width: width() }));
      }
      if (host.assumed.length > 0) putLines([[], ...assumedLines(host)]);
    });
}

/** µs that are set apart for each packet or session of a command. */
const SESSION_TIME = 100 * GAP;

interface Result {
  readonly status: 0 | 1;
  lines(detail: { readonly all: boolean; readonly width: number }): readonly Line[];
  json(): Json;
}

function readPacket(text: string, index: number): PacketSpec {
  const spec = parseNotation(text);
  if (!isNotationFault(spec)) return spec;
  const { message, start, end, guess } = spec;
  throw new InputFault([{ file: `packet ${index + 1}`, line: 1, column: start + 1, endColumn: end + 1, message, guess }], text);
}

function passenger({ family, source, destination, in: input, out: output }: PacketSpec): Passenger {
  return { family, source: source.address, destination: destination.address, in: input, out: output };
}

function runOne(firewall: Firewall, host: Host, spec: PacketSpec, now: number): Result {
  checkInterfaces(host, spec);
  const title: Line = [{ text: printable(printNotation(spec)), tone: "strong" }];
  if (spec.session) {
    const result = runSession(firewall, sessionSpec(spec), now, GAP, { trace: true });
    return {
      status: sessionStatus(result),
      lines: detail => [title, [], ...sessionLines(result, detail)],
      json: () => ({ session: lineText(title), ...(sessionJson(result) as object) }),
    };
  }
  const bytes = specToBytes(spec);
  const { mark, uid, gid, mac, ctState } = spec;
  const supposed = ctState && CT_STATE[ctState];
  const outcome =
    spec.in === undefined && (spec.out !== undefined || isLocal(host, spec))
      ? firewall.send({ bytes, mark, uid, gid, out: spec.out, supposed }, now, { trace: true })
      : firewall.receive({ bytes, in: spec.in ?? firstDevice(host), mark, mac, pkttype: pkttype(spec), supposed }, now, { trace: true });
  return {
    status: packetStatus(outcome),
    lines: detail => [title, [], ...traceLines(outcome.events, detail), [], ...verdictLines(outcome)],
    json: () => ({ packet: lineText(title), ...(outcomeJson(outcome) as object) }),
  };
}

const pkttype = ({ pkttype: type }: PacketSpec): number | undefined =>
  type === undefined ? undefined : ["host", "broadcast", "multicast", "otherhost"].indexOf(type);

const isLocal = ({ interfaces }: Host, { source }: PacketSpec): boolean =>
  interfaces.some(({ addresses }) => addresses.some(({ address }) => address === source.address));

const firstDevice = ({ interfaces }: Host): string => interfaces.find(({ link }) => link !== "loopback")?.name ?? "lo";

function checkInterfaces({ interfaces }: Host, spec: PacketSpec): void {
  for (const name of [spec.in, spec.out])
    if (name !== undefined && !interfaces.some(each => each.name === name))
      throw new InputFault([
        {
          file: "packet",
          line: 0,
          column: 0,
          message: `the host has no interface ${name}: it has ${interfaces.map(each => each.name).join(", ")}`,
        },
      ]);
}

function sessionSpec(spec: PacketSpec): SessionSpec {
  const { family, protocol, source, destination, uid, mac } = spec;
  const kind =
    protocol === PROTOCOL.TCP
      ? "tcp"
      : protocol === PROTOCOL.UDP
        ? "udp"
        : protocol === PROTOCOL.ICMP || protocol === PROTOCOL.ICMPV6
          ? "icmp"
          : undefined;
  if (kind === undefined)
    throw new InputFault([
      {
        file: "packet",
        line: 0,
        column: 0,
        message: "only tcp, udp and icmp echo sessions can be played; leave out the word session to trace one packet",
      },
    ]);
  return {
    family,
    protocol: kind,
    client: { address: source.address, port: source.port ?? spec.id ?? DEFAULT_PORT },
    server: { address: destination.address, port: destination.port ?? 0 },
    in: spec.in,
    uid,
    mac,
  };
}

const DEFAULT_PORT = 40000;

function assumedLines({ assumed }: Host): Line[] {
  return [[{ text: `Assumed, for nothing said otherwise (see --host, --if, --route): ${printable(assumed.join("; "))}.`, tone: "dim" }]];
}
