import {
  createFirewall,
  ordinaryOpener,
  placementFault,
  runPacket,
  runSession,
  sessionFault,
  type Decision,
  type Errno,
  type Firewall,
  type Outcome,
  type SessionResult,
} from "../../engine/index.ts";
import type { RulePointer } from "../../analysis/index.ts";
import { assumeHost, passengerOf, type Host } from "../../host/index.ts";
import { printAddress, printNotation } from "../../packet/index.ts";
import {
  errnoText,
  isAccepted,
  lineText,
  missingRules,
  packetHints,
  packetText,
  printable,
  senderText,
  sessionHints,
  sessionLines,
  traceLines,
  unresolvedNames,
  verdictLines,
} from "../../report/index.ts";
import type { Documents } from "../state/documents.ts";
import type { Hits } from "../state/hits.ts";
import type { QuestionFault, Traced, TracedPacket, TracedQuestion, TracedSide } from "../state/traced.ts";
import { readFirewall, type ReadFirewall } from "../work/firewall.ts";
import { entryOf } from "./connection-entry.ts";
import { faultOf, readQuestions, type Asked } from "./questions.ts";
import { StepRecorder } from "./steps.ts";

/** Where time and chance come from. */
export interface Chance {
  /** µs since the epoch. */
  readonly now: number;
  /** A uniformly random unsigned 32-bit number. */
  random(): number;
}

/** A question's answer with what rules saw of it, or what is wrong with the question. */
export type Tracing = { readonly traced: Traced; readonly hits: Hits } | { readonly faults: readonly QuestionFault[] };

/** µs between two packets of a session, and between two lines of a question. */
const GAP = 10_000;
const LINE_TIME = 100 * GAP;

/** Traces what the question asks, one packet or session to a line, one after the other through the same firewall. */
export function traceText(texts: Documents, question: string, chance: Chance): Tracing {
  const stage = stageOf(texts, question, chance);
  if ("faults" in stage) return stage;
  const { asked, firewall, host, read } = stage;
  const recorder = new StepRecorder();
  const packets: TracedPacket[] = [];
  const questions = asked.map((each, index) => {
    const first = packets.length;
    const told = each.spec.session
      ? traceSession(stage, each, chance.now + index * LINE_TIME, recorder, packets)
      : traceOne(firewall, each, chance.now + index * LINE_TIME, recorder, packets);
    return { ...told, text: printNotation(each.spec), session: each.spec.session, first, end: packets.length };
  });
  const last = questions.at(-1) as TracedQuestion;
  const traced: Traced = {
    question: asked.map(({ spec }) => printNotation(spec)).join("\n"),
    family: (asked.at(-1) as Asked).spec.family,
    session: last.session,
    packets,
    steps: recorder.steps,
    summary: last.summary,
    good: last.good,
    clientSees: last.clientSees,
    assumed: assumptions(read, asked, host),
    questions,
  };
  return { traced, hits: { of: "the trace", lines: recorder.lines, policies: recorder.policies } };
}

/** The same answer as the text that `ferrule trace` prints; faults as lines. */
export function traceReport(texts: Documents, question: string, chance: Chance, all: boolean): string {
  const stage = stageOf(texts, question, chance);
  if ("faults" in stage) return stage.faults.map(({ message }) => message).join("\n");
  const detail = { all, width: 100 };
  const parts = stage.asked.map(({ spec }, index) => {
    const at = chance.now + index * LINE_TIME;
    const title = [{ text: printable(printNotation(spec)), tone: "strong" as const }];
    if (spec.session) return [title, [], ...sessionLines(playSession(stage, spec, at), detail)];
    const outcome = runPacket(stage.firewall, spec, at, { trace: true });
    return [title, [], ...traceLines(outcome.events, detail), [], ...verdictLines(outcome)];
  });
  const assumed = assumptions(stage.read, stage.asked, stage.host);
  const texted = parts.map(lines => lines.map(line => lineText(line).trimEnd()).join("\n"));
  return `${[...texted, ...(assumed.length > 0 ? [`Assumed: ${printable(assumed.join("; "))}.`] : [])].join("\n\n")}\n`;
}

interface Stage {
  readonly asked: readonly Asked[];
  readonly read: ReadFirewall;
  readonly host: Host;
  readonly firewall: Firewall;
}

/** Everything that a question needs, or what is wrong with it. */
function stageOf(texts: Documents, question: string, chance: Chance): Stage | { readonly faults: readonly QuestionFault[] } {
  const { asked, faults } = readQuestions(question);
  if (faults.length > 0) return { faults };
  if (asked.length === 0)
    return {
      faults: [
        { message: "a packet starts with its protocol, as in tcp 10.0.0.5:40000 > 10.0.0.1:22", start: 0, end: 0, guess: undefined },
      ],
    };
  const read = readFirewall(texts, chance.now);
  const { v4, v6, sets } = read;
  const host =
    read.host ??
    assumeHost(
      [v4, v6],
      asked.map(({ spec }) => passengerOf(spec)),
    );
  const misplaced = asked.flatMap(each => {
    const fault = placementFault(host, each.spec);
    const opens = each.spec.session ? sessionFault(each.spec) : undefined;
    return [
      ...(fault ? [faultOf(each, fault.message, fault.word)] : []),
      ...(opens === undefined ? [] : [faultOf(each, `${opens}; leave out the word session to trace one packet`, "session")]),
    ];
  });
  if (misplaced.length > 0) return { faults: misplaced };
  try {
    const firewall = createFirewall({ v4, v6, host, sets, start: chance.now, random: chance.random });
    return { asked, read, host, firewall };
  } catch (fault) {
    // Rules that no kernel would load: a chain that is jumped to may be gone with a faulty line.
    if (!(fault instanceof RangeError)) throw fault;
    return { faults: [{ message: `the rules cannot be loaded: ${fault.message}`, start: 0, end: 0, guess: undefined }] };
  }
}

/** What was taken for granted, one sentence each. */
function assumptions(read: ReadFirewall, asked: readonly Asked[], host: Host): readonly string[] {
  const { v4, v6, sets, skipped } = read;
  return [
    ...missingRules(
      { v4, v6 },
      asked.map(({ spec }) => spec.family),
    ),
    ...leftOut("IPv4", skipped.rules4),
    ...leftOut("IPv6", skipped.rules6),
    ...unresolvedNames([v4, v6], sets, { names: "", sets: "" }),
    ...host.assumed,
  ];
}

function leftOut(rules: string, lines: readonly number[]): readonly string[] {
  if (lines.length === 0) return [];
  const named = lines.slice(0, LINES_NAMED).join(", ");
  const more = lines.length > LINES_NAMED ? ` and ${lines.length - LINES_NAMED} more` : "";
  return [`the ${rules} rules have faults: line ${named}${more} left out`];
}

const LINES_NAMED = 5;

const WORDS_OF: Readonly<Record<Outcome["verdict"], string>> = {
  delivered: "delivered to this machine",
  forwarded: "forwarded",
  sent: "sent",
  dropped: "dropped",
  rejected: "rejected",
  queued: "handed to a program, which decides",
  stolen: "held back",
};

type Told = Omit<TracedQuestion, "text" | "session" | "first" | "end">;

function traceOne(firewall: Firewall, asked: Asked, at: number, recorder: StepRecorder, packets: TracedPacket[]): Told {
  const { spec } = asked;
  const outcome = runPacket(firewall, spec, at, { trace: true });
  const arrived = outcome.delivered ?? outcome.emitted.find(({ kind }) => kind === "packet")?.bytes;
  const good = isAccepted(outcome);
  const told = senderText(outcome);
  packets.push(
    packetOf(asked, outcome, packets.length, recorder, {
      name: "packet",
      from: undefined,
      sent: printNotation(spec),
      arrived: good && arrived ? packetText(arrived) : undefined,
      entry: entryOf(connectionOf(outcome), firewall.connections(at), at),
    }),
  );
  return {
    good,
    summary: `The packet is ${WORDS_OF[outcome.verdict]}${decider(outcome)}.`,
    clientSees: good ? "" : told === "nothing" ? told : sees(outcome.senderSees),
    clientSeesText: told === "nothing" ? "nobody waits for an answer to a packet like this" : (told ?? ""),
    ...sides(asked, outcome),
    hints: packetHints(outcome),
  };
}

const playSession = ({ firewall }: Pick<Stage, "firewall">, spec: Asked["spec"], at: number): SessionResult =>
  runSession(firewall, ordinaryOpener(spec), at, GAP, { trace: true });

function traceSession(stage: Stage, asked: Asked, at: number, recorder: StepRecorder, packets: TracedPacket[]): Told {
  const { firewall } = stage;
  const entries: TracedPacket["entry"][] = [];
  const result = runSession(watched(firewall, entries), ordinaryOpener(asked.spec), at, GAP, { trace: true });
  for (const [index, step] of result.steps.entries()) {
    const { name, from, outcome } = step;
    const arrived = step.arrived && packetText(step.arrived);
    packets.push(
      packetOf(asked, outcome, packets.length, recorder, { name, from, sent: packetText(step.sent), arrived, entry: entries[index] }),
    );
  }
  const { complete, died, clientSees } = result;
  const last = result.steps.at(-1);
  const opener = result.steps[0];
  const summary = complete
    ? `The session works: all ${result.steps.length} packets got through.`
    : last && died
      ? `The session dies at packet ${result.steps.length}, the ${last.from}'s ${died.step}: ${isAccepted(last.outcome) ? died.reason : `${last.outcome.verdict}${decider(last.outcome)}`}.`
      : "The session could not be played.";
  return {
    good: complete,
    summary,
    clientSees: complete ? (asked.spec.protocol === TCP ? "connected" : "answered") : sees(clientSees),
    clientSeesText: clientSees === undefined ? "" : errnoText(clientSees),
    ...sides(asked, opener?.outcome),
    hints: sessionHints(result),
  };
}

const TCP = 6;

/** The firewall, and what its connection table has after each packet. */
function watched(firewall: Firewall, entries: TracedPacket["entry"][]): Firewall {
  const note = (outcome: Outcome, now: number): Outcome => {
    entries.push(entryOf(connectionOf(outcome), firewall.connections(now), now));
    return outcome;
  };
  return {
    ...firewall,
    receive: (packet, now, options) => note(firewall.receive(packet, now, options), now),
    send: (packet, now, options) => note(firewall.send(packet, now, options), now),
  };
}

function connectionOf({ events }: Outcome): string | undefined {
  for (const event of events) if (event.event === "tracking" && event.connection !== undefined) return event.connection;
  return undefined;
}

function packetOf(
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
  const words = rule && [...rule.conditions.map(({ text }) => text), ...(rule.target ? [rule.target.save] : [])].join(" ");
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
function decider({ decidedBy, reason }: Outcome): string {
  if (decidedBy === undefined) return reason === "" ? "" : `: ${printable(reason)}`;
  const { table, chain, number } = decidedBy;
  return number === 0 ? ` by the policy of ${table} ${printable(chain)}` : ` by ${table} ${printable(chain)} rule ${number}`;
}

/** What the client's program sees, in a few words. */
const sees = (errno: Errno | undefined): string => (errno === undefined ? "" : (SEES[errno] ?? errno));

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
function sides({ spec }: Asked, outcome: Outcome | undefined): { readonly client: TracedSide; readonly server: TracedSide } {
  const came = outcome?.events.find(event => event.event === "packet");
  const local = came?.from === "socket";
  const left = outcome?.emitted.find(({ kind }) => kind === "packet")?.interface;
  const answered = outcome?.events.findIndex(event => event.event === "answer") ?? -1;
  const route = outcome?.events.findLast((event, index) => event.event === "route" && (answered < 0 || index < answered));
  const forward = route?.event === "route" && route.decision !== "local" && route.device !== "" ? route.device : undefined;
  return {
    client: { address: printAddress(spec.source.address), device: local ? undefined : came?.in, local },
    server: {
      address: printAddress(spec.destination.address),
      device: left ?? forward,
      local: outcome?.verdict === "delivered" || (left === undefined && route?.event === "route" && route.decision === "local"),
    },
  };
}
