import { addressText, endsText, protocolText } from "./replay-session-text.ts";
import type { Dropper } from "./replay-dropper.ts";
import type { DroppedSession } from "./replay-session.ts";
import type { ReplaySummary } from "./replay-summary.ts";
import type { Json } from "./trace-json.ts";
import { ruleWords } from "./rule-words.ts";

/** Version of the JSON that `replay --json` prints; docs/json.md describes it. */
export const REPLAY_JSON_VERSION = 1;

/** A replay's summary as JSON; `top` limits its lists of droppers and dropped sessions. Times are nanoseconds since 1970 as decimal text. */
export function replayJson(summary: ReplaySummary, top: number = Infinity): { readonly [key: string]: Json } {
  const { capture, skipped, entered, sent, verdicts, timeline, droppers, sessions, translations, logged } = summary;
  return {
    ferrule: "replay",
    version: REPLAY_JSON_VERSION,
    capture: {
      packets: capture.packets,
      bytes: capture.bytes,
      capturedBytes: capture.capturedBytes,
      first: capture.first === undefined ? null : `${capture.first}`,
      last: capture.last === undefined ? null : `${capture.last}`,
      faults: capture.faults.map(({ offset, message }) => ({ offset, message })),
      faultCount: capture.faultCount,
      clockSetBack: capture.stepsBack,
    },
    skipped: skipped.map(([reason, { packets, bytes }]) => ({ reason, packets, bytes })),
    entered: entered.map(([device, { packets, bytes }]) => ({ interface: device, packets, bytes })),
    sent: { ...sent },
    verdicts: Object.fromEntries(Object.entries(verdicts).map(([verdict, amount]) => [verdict, { ...amount }])),
    timeline: {
      start: `${timeline.start}`,
      bucketWidth: `${timeline.bucketWidth}`,
      accepted: timeline.buckets.map(({ accepted }) => accepted),
      dropped: timeline.buckets.map(({ dropped }) => dropped),
    },
    droppedBy: droppers.slice(0, top).map(dropperJson),
    sessions: {
      seen: Object.fromEntries([...sessions.seen].map(([protocol, number]) => [protocolText(protocol), number])),
      inexact: sessions.inexact,
      dropped: sessions.dropped.length + sessions.untold,
    },
    droppedSessions: sessions.dropped.slice(0, top).map(sessionJson),
    translations: translations.map(({ manip, from, to, sessions: number }) => ({ manip, from, to, sessions: number })),
    logs: { lines: logged.lines, first: logged.first.map(({ level, text }) => ({ level, text })) },
    answers: summary.answers,
    unwritten: summary.unwritten,
    filled: summary.filled,
    merged: summary.merged,
    completedChecksums: summary.completed,
    withoutRules: { ipv4: summary.ruleless[4], ipv6: summary.ruleless[6] },
    assumed: summary.assumed,
  };
}

const dropperJson = ({ amount, ...by }: Dropper): Json => ({ ...placeJson(by), packets: amount.packets, bytes: amount.bytes });

/** What dropped; only `reason` says it where the kernel did by itself. `number` 0 is the chain's policy. */
function placeJson({ decidedBy, at, reason }: Omit<Dropper, "amount">): { readonly [key: string]: Json } {
  const { family = null, table = null, chain = null, number = null, rule } = decidedBy ?? {};
  const words = rule && ruleWords(rule);
  return {
    family,
    table,
    chain,
    number,
    rule: words ?? null,
    file: at?.file ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
    reason,
  };
}

function sessionJson(session: DroppedSession): Json {
  const { family, protocol, client, server, time, packet, by, packets, droppedFromClient, droppedFromServer } = session;
  return {
    session: endsText(session),
    family,
    protocol: protocolText(protocol),
    client: { address: addressText(client), port: client.port },
    server: { address: addressText(server), port: server.port },
    packets,
    droppedFromClient,
    droppedFromServer,
    first: `${time}`,
    packet,
    by: placeJson(by),
  };
}
