import { printHost } from "../../host/index.ts";
import type { Family } from "../../predicate/index.ts";
import {
  count,
  counted,
  protocolText,
  ruleWords,
  type DropCause,
  type Replay,
  type ReplaySummary,
  type ReplayVerdict,
} from "../../report/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { inPage } from "../work/page-words.ts";
import { countedSince } from "./counted.ts";
import type { DroppedBy, Played, PlayedTime } from "./played.ts";

/** Lines of a list that a page shows. */
const DROPPERS_MAX = 500;
const TRANSLATIONS_MAX = 100;
const LOGS_MAX = 50;
/** Columns of the plot. */
const COLUMNS_MAX = 320;

const VERDICTS: readonly ReplayVerdict[] = ["delivered", "forwarded", "sent", "dropped", "rejected", "ignored", "queued", "held"];

/** A run as plain data that can cross to the page; small, whatever the capture holds. */
export function playedOf(replay: Replay, rulesets: Readonly<Record<Family, Ruleset | undefined>>, hostGiven: boolean): Played {
  const summary = replay.summary();
  const { capture, verdicts, droppers, sessions, translations, logged, skipped, entered, sent } = summary;
  const { firewall } = replay;
  const shown = droppers.slice(0, DROPPERS_MAX);
  return {
    packets: capture.packets,
    bytes: capture.bytes,
    first: capture.first,
    last: capture.last,
    verdicts: VERDICTS.filter(name => verdicts[name].packets > 0).map(name => ({ name, ...verdicts[name] })),
    ways: [
      ...entered.map(([device, amount]) => ({ name: `came in on ${device}`, ...amount })),
      ...(sent.packets > 0 ? [{ name: "sent by this machine", ...sent }] : []),
    ],
    skipped: skipped.map(([name, amount]) => ({ name, ...amount })),
    time: inColumns(summary),
    droppedBy: shown.map(({ amount, ...by }) => ({ by: droppedBy(by), ...amount })),
    moreDropped: droppers.slice(DROPPERS_MAX).reduce((sum, { amount }) => sum + amount.packets, 0),
    sessions: [...sessions.seen]
      .toSorted(([, a], [, b]) => b - a)
      .map(([protocol, number]) => ({ protocol: protocolText(protocol), sessions: number })),
    sessionsInexact: sessions.inexact,
    translations: translations.slice(0, TRANSLATIONS_MAX).map(each => ({ ...each })),
    logged: { lines: logged.lines, first: logged.first.slice(0, LOGS_MAX).map(({ text }) => text) },
    faults: capture.faults.map(({ offset, message }) => ({ offset, message })),
    faultCount: capture.faultCount,
    answers: summary.answers,
    notes: notesOf(summary),
    assumed: summary.assumed.map(inPage),
    machine: hostGiven || firewall === undefined ? undefined : printHost(firewall.host),
    hits: firewall ? countedSince(firewall, rulesets) : { lines: { 4: new Map(), 6: new Map() }, policies: new Map() },
  };
}

/** What dropped, in words. */
export function droppedBy({ decidedBy, at, reason }: DropCause): DroppedBy {
  if (decidedBy === undefined) return { family: undefined, line: 0, place: reason, rule: "" };
  const { family, table, chain, number, rule } = decidedBy;
  const words = rule && ruleWords(rule);
  return {
    family,
    line: at?.line ?? 0,
    place: words === undefined ? `the policy of ${table} ${chain}` : `${table} ${chain} rule ${number}`,
    rule: words ?? "",
  };
}

function inColumns({ timeline: { start, bucketWidth, buckets } }: ReplaySummary): PlayedTime {
  const each = Math.max(1, Math.ceil(buckets.length / COLUMNS_MAX));
  const accepted: number[] = [];
  const dropped: number[] = [];
  for (const [index, bucket] of buckets.entries()) {
    const column = Math.floor(index / each);
    accepted[column] = (accepted[column] ?? 0) + bucket.accepted;
    dropped[column] = (dropped[column] ?? 0) + bucket.dropped;
  }
  return { start, width: bucketWidth * BigInt(each), accepted, dropped };
}

function notesOf({ capture, filled, completed, merged, ruleless }: ReplaySummary): string[] {
  const notes: string[] = [];
  for (const family of [4, 6] as const)
    if (ruleless[family] > 0)
      notes.push(`${counted(ruleless[family], `IPv${family} packet`)} met no rules, for there are no IPv${family} rules.`);
  if (filled > 0) notes.push(`${counted(filled, "packet")} cut by the capture: what is missing counts as zeros.`);
  if (completed > 0) notes.push(`${counted(completed, "packet")} with a checksum that was left to the network card, taken as right.`);
  if (merged > 0)
    notes.push(`${counted(merged, "packet")} longer than a frame of their link: merged by its network card, or to be cut by it.`);
  const { stepsBack } = capture;
  if (stepsBack > 0)
    notes.push(`The capture's clock was set back ${count(stepsBack)} time${stepsBack === 1 ? "" : "s"}: time went on from where it was.`);
  return notes;
}
