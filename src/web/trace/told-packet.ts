import type { RulePointer } from "../../analysis/index.ts";
import type { Decision, Errno, Outcome } from "../../engine/index.ts";
import { printAddress, printNotation } from "../../packet/index.ts";
import { isAccepted, packetText, printable, ruleWords } from "../../report/index.ts";
import type { TracedPacket, TracedSide } from "../state/traced.ts";
import { endsOf } from "./changes.ts";
import type { Asked } from "./questions.ts";
import type { StepRecorder } from "./steps.ts";

/** The connection of a packet, as the table writes it; undefined where it has none. */
export function connectionOf({ events }: Outcome): string | undefined {
  for (const event of events) if (event.event === "tracking" && event.connection !== undefined) return event.connection;
  return undefined;
}

/** A packet of the answer; its steps are added to the recorder. `index` is its place in the answer. */
export function packetOf(
  { spec, line }: Asked,
  outcome: Outcome,
  index: number,
  recorder: StepRecorder,
  known: Pick<TracedPacket, "name" | "from" | "sent" | "arrived" | "entry">,
): TracedPacket {
  const first = recorder.steps.length;
  recorder.record(index, outcome.events, known.from === "server" ? undefined : spec.mark);
  return {
    ...known,
    verdict: outcome.verdict,
    accepted: isAccepted(outcome),
    reason: printable(outcome.reason),
    decidedBy: outcome.decidedBy && pointerOf(outcome.decidedBy),
    first,
    end: recorder.steps.length,
    family: spec.family,
    line,
    state: outcome.events.find(event => event.event === "tracking")?.state,
    answers: outcome.events.flatMap(event => (event.event === "answer" ? [{ kind: event.kind, packet: packetText(event.bytes) }] : [])),
    logs: outcome.logs.map(({ text }) => printable(text.trimEnd())),
  };
}

function pointerOf({ family, table, chain, number, rule }: Decision): RulePointer {
  const words = rule && ruleWords(rule);
  return {
    family,
    table,
    chain,
    number: number === 0 ? undefined : number,
    file: rule?.at.file ?? "",
    line: rule?.at.line ?? 0,
    text: words === undefined ? "policy" : printable(`-A ${chain} ${words}`.trimEnd()),
  };
}

/** ` by filter INPUT rule 3`; the reason where nobody decided. */
export function decider({ decidedBy, reason }: Outcome): string {
  if (decidedBy === undefined) return reason === "" ? "" : `: ${printable(reason)}`;
  const { table, chain, number } = decidedBy;
  return number === 0 ? ` by the policy of ${table} ${printable(chain)}` : ` by ${table} ${printable(chain)} rule ${number}`;
}

/** What the client's program sees, in a few words. */
export const sees = (errno: Errno | undefined): string => (errno === undefined ? "" : (SEES[errno] ?? errno));

const SEES: Readonly<Partial<Record<Errno, string>>> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network is unreachable",
  ETIMEDOUT: "timed out",
  EPERM: "operation not permitted",
  EACCES: "permission denied",
  ENOPROTOOPT: "protocol not available",
  EMSGSIZE: "message too long",
  EINVAL: "invalid argument",
};

/** Who talks to whom, by what became of the first packet. */
export function sides({ spec }: Asked, outcome: Outcome | undefined): { readonly client: TracedSide; readonly server: TracedSide } {
  const came = outcome?.events.find(event => event.event === "packet");
  const local = came?.from === "socket";
  const left = outcome?.emitted.find(({ kind }) => kind === "packet")?.interface;
  const answered = outcome?.events.findIndex(event => event.event === "answer") ?? -1;
  const route = outcome?.events.findLast((event, index) => event.event === "route" && (answered < 0 || index < answered));
  const forward = route?.event === "route" && route.decision !== "local" && route.device !== "" ? route.device : undefined;
  return {
    client: { address: printAddress(spec.source.address), becomes: undefined, device: local ? undefined : came?.in, local },
    server: {
      address: printAddress(spec.destination.address),
      becomes: outcome && translated(spec, outcome),
      device: left ?? forward,
      local: outcome?.verdict === "delivered" || (left === undefined && route?.event === "route" && route.decision === "local"),
    },
  };
}

/** Where NAT leads a packet, as the notation writes it; undefined where its destination stays. An answer's own NAT does not count. */
function translated(spec: Asked["spec"], { events }: Outcome): string | undefined {
  let destination = spec.destination;
  for (const event of events) {
    if (event.event === "answer" || event.event === "copy") break;
    if (event.event !== "rewrite" || event.by !== "NAT" || event.to === undefined || typeof event.to === "string") continue;
    if (event.field === "daddr") destination = { ...destination, address: event.to };
    else if (event.field === "dport") destination = { ...destination, port: Number(event.to) };
  }
  return destination === spec.destination ? undefined : endsOf(printNotation({ ...spec, destination }))?.destination;
}
