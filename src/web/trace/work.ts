import { ordinaryOpener, runPacket, runSession, type Firewall, type Outcome, type SessionResult } from "../../engine/index.ts";
import { printNotation } from "../../packet/index.ts";
import {
  errnoText,
  isAccepted,
  lineText,
  packetHints,
  packetText,
  printable,
  senderText,
  sessionHints,
  sessionLines,
  traceLines,
  verdictLines,
} from "../../report/index.ts";
import type { Documents } from "../state/documents.ts";
import { THE_TRACE, type Hits } from "../state/hits.ts";
import type { QuestionFault, Traced, TracedPacket, TracedQuestion } from "../state/traced.ts";
import { entryOf } from "./connection-entry.ts";
import type { Asked } from "./questions.ts";
import { assumptions, stageOf, type Chance, type Stage } from "./stage.ts";
import { StepRecorder } from "./steps.ts";
import { connectionOf, decider, packetOf, sees, sides } from "./told-packet.ts";

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
  return { traced, hits: { of: THE_TRACE, lines: recorder.lines, policies: recorder.policies } };
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
      ? `The session dies at packet ${died.packet}, the ${died.from}'s ${died.step}: ${isAccepted(last.outcome) ? died.reason : `${last.outcome.verdict}${decider(last.outcome)}`}.`
      : "The session could not be played.";
  return {
    good: complete,
    summary,
    clientSees: complete ? (asked.spec.protocol === TCP ? "connected" : "answered") : sees(clientSees),
    clientSeesText: clientSees === undefined ? "" : errnoText(clientSees),
    ...sides(asked, opener?.outcome),
    past: died?.past && died.step,
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
