import type { Outcome, SessionDeath, SessionResult, SessionStep, TraceEvent } from "../engine/index.ts";
import { sessionHints } from "./hints.ts";
import { packetText } from "./packet-text.ts";
import { bad, dim, good, plain, strong, type Line } from "./span.ts";
import { traceLines, type TraceDetail } from "./trace-lines.ts";
import { stateText } from "./tracking-text.ts";
import { isAccepted } from "./accepted.ts";
import { decisionText, errnoText } from "./verdict-lines.ts";

/** A played session: a few lines for each packet, the way of the packet that failed in full, and how it ended. */
export function sessionLines(result: SessionResult, detail: TraceDetail): Line[] {
  const { steps, complete, died, clientSees } = result;
  const lines: Line[] = [];
  for (const [index, step] of steps.entries()) {
    lines.push(...stepLines(index + 1, step));
    if (detail.all || (index === steps.length - 1 && !complete))
      for (const line of traceLines(step.outcome.events, detail)) lines.push([plain("    "), ...line]);
  }
  lines.push([]);
  if (complete) lines.push([good("THE SESSION WORKS"), plain(`: all ${steps.length} packets got through.`)]);
  else if (died) {
    lines.push([
      bad("THE SESSION DIES"),
      plain(` at packet ${died.packet}, the ${died.from}'s ${died.step}: ${deathText(died, steps.at(-1)?.outcome)}`),
    ]);
  }
  if (clientSees !== undefined) lines.push([dim("client sees    "), strong(errnoText(clientSees))]);
  for (const hint of sessionHints(result)) lines.push([dim("hint           "), plain(hint)]);
  return lines;
}

function deathText({ reason }: SessionDeath, last: Outcome | undefined): string {
  if (last === undefined || isAccepted(last)) return reason;
  return `${last.verdict} ${last.decidedBy ? `by ${decisionText(last.decidedBy)}` : reason}`;
}

function stepLines(number: number, { name, from, sent, outcome, arrived }: SessionStep): Line[] {
  const through = arrived !== undefined;
  const arrow = from === "client" ? "client → server" : "client ← server";
  const lines: Line[] = [
    [
      dim(String(number).padStart(2)),
      plain(`  ${arrow}  `),
      strong(`${name}  `),
      plain(packetText(sent)),
      plain("  "),
      through ? good(outcome.verdict) : bad(outcome.verdict),
    ],
  ];
  const state = trackingOf(outcome.events);
  if (state !== undefined) lines.push([dim(`      tracking   ${state}`)]);
  if (outcome.decidedBy) lines.push([dim(`      decided by ${decisionText(outcome.decidedBy)}`)]);
  if (arrived !== undefined && packetText(arrived) !== packetText(sent)) lines.push([dim("      arrives as "), plain(packetText(arrived))]);
  return lines;
}

function trackingOf(events: readonly TraceEvent[]): string | undefined {
  const tracking = events.find(event => event.event === "tracking");
  if (tracking === undefined) return undefined;
  return stateText(tracking);
}

/** The exit status of a session: 0 when it works. */
export const sessionStatus = ({ complete }: SessionResult): 0 | 1 => (complete ? 0 : 1);

/** The exit status of a packet: 0 when it was let through. */
export const packetStatus = (outcome: Outcome): 0 | 1 => (isAccepted(outcome) ? 0 : 1);
