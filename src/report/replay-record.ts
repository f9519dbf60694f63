import type { Decision, LogLine, Outcome } from "../engine/index.ts";
import { dissect, isFault, type CapturedPacket, type CaptureFault, type Layout } from "../packet/index.ts";
import type { Position, Ruleset } from "../ruleset/index.ts";
import type { Entry } from "./replay-entry.ts";
import type { DropCause, Dropper } from "./replay-dropper.ts";
import type { SeenSession } from "./replay-session.ts";
import { SessionTable, type FlowPacket, type Passing } from "./replay-sessions.ts";
import type { ReplaySummary, ReplayVerdict, Translation } from "./replay-summary.ts";
import type { WholePacket } from "./replay-whole.ts";
import { Tally, type Amount } from "./replay-tally.ts";
import { manipsOf, type Manip } from "./replay-translation.ts";
import { TimelineRecorder } from "./timeline.ts";
import { isAccepted } from "./accepted.ts";

/** Distinct reasons, translations and fault messages that are kept: the input chooses them. */
const REASON_LIMIT = 256;
const FAULT_LIMIT = 20;
const LOG_LIMIT = 100;
/** Rules and policies that can drop. A ruleset larger than that is told with the rest as one. */
const DROPPER_LIMIT = 100_000;

/** Counts what a replay comes to, in bounded memory. */
export class ReplayRecord {
  readonly #capture = {
    packets: 0,
    bytes: 0,
    capturedBytes: 0,
    first: undefined as bigint | undefined,
    last: undefined as bigint | undefined,
  };
  readonly #faults: { offset: number; message: string }[] = [];
  #faultCount = 0;
  readonly #skipped = new Tally<string>(REASON_LIMIT, "other reasons");
  readonly #entered = new Tally<string>(REASON_LIMIT, "other interfaces");
  readonly #sent: Amount = { packets: 0, bytes: 0 };
  readonly #verdicts: Record<ReplayVerdict, Amount> = {
    delivered: none(),
    forwarded: none(),
    sent: none(),
    dropped: none(),
    rejected: none(),
    ignored: none(),
    queued: none(),
    held: none(),
  };
  readonly #timeline = new TimelineRecorder();
  /** By the rule itself, the chain whose policy it was, or the reason. */
  readonly #causes = new Map<unknown, DropCause>();
  #reasons = 0;
  readonly #rulesets: Readonly<Record<4 | 6, Ruleset | undefined>>;
  readonly #droppers = new Tally<DropCause>(DROPPER_LIMIT, { decidedBy: undefined, at: undefined, reason: "other rules" });
  readonly #sessions: SessionTable;
  readonly #translations = new Map<string, { -readonly [Part in keyof Translation]: Translation[Part] }>();
  readonly #ruleless: Record<4 | 6, number> = { 4: 0, 6: 0 };
  readonly #logs: LogLine[] = [];
  #logLines = 0;
  #answers = 0;
  unwritten = 0;
  merged = 0;
  #filled = 0;
  #completed = 0;

  /** The rulesets tell where policies stand; `listed` sessions are kept in a table of all of them. */
  constructor(rulesets: Readonly<Record<4 | 6, Ruleset | undefined>>, listed = 0) {
    this.#rulesets = rulesets;
    this.#sessions = new SessionTable(listed);
  }

  /** The table of all sessions. */
  get listed(): readonly SeenSession[] {
    return this.#sessions.listed;
  }

  /** Something is wrong with the capture. */
  fault({ offset, message }: CaptureFault): void {
    this.#faultCount++;
    if (this.#faults.length < FAULT_LIMIT) this.#faults.push({ offset, message });
  }

  /** A frame of the capture, whatever becomes of it. */
  frame({ time, capturedLength, originalLength }: CapturedPacket): void {
    const capture = this.#capture;
    capture.packets++;
    capture.bytes += originalLength;
    capture.capturedBytes += capturedLength;
    if (capture.first === undefined || time < capture.first) capture.first = time;
    if (capture.last === undefined || time > capture.last) capture.last = time;
  }

  /** A frame that meets no rule. */
  skip(reason: string, { originalLength }: CapturedPacket): void {
    this.#skipped.add(reason, originalLength);
  }

  /** A packet went through the firewall. `ruled` is false when its family has no rules. */
  ran(
    entry: Exclude<Entry, { way: "skip" }>,
    { bytes, layout, filled, completed }: WholePacket,
    { time, number }: CapturedPacket,
    outcome: Outcome,
    ruled: boolean,
  ): void {
    const length = bytes.length;
    if (filled) this.#filled++;
    if (completed) this.#completed++;
    if (entry.way === "in") this.#entered.add(entry.device, length);
    else add(this.#sent, length);
    if (!ruled) this.#ruleless[(bytes[0] ?? 0) >> 4 === 6 ? 6 : 4]++;
    const verdict = verdictOf(outcome);
    add(this.#verdicts[verdict], length);
    const lost = verdict === "dropped" || verdict === "rejected" || verdict === "ignored";
    if (lost || isAccepted(outcome)) this.#timeline.add(time, lost ? "dropped" : "accepted");
    if (lost) this.#droppers.add(this.#cause(outcome), length);
    for (const { kind } of outcome.emitted) if (kind === "answer") this.#answers++;
    for (const line of outcome.logs) {
      this.#logLines++;
      if (this.#logs.length < LOG_LIMIT) this.#logs.push(line);
    }
    if (layout === undefined) return;
    const passing: Passing = { way: entry.way === "in" ? { in: entry.device } : { out: entry.device }, frame: number, time };
    const met = this.#sessions.meet(bytes, layout, passing);
    if (lost) this.#sessions.drop(met, bytes, layout, passing, this.#cause(outcome));
    else this.#examine(met, bytes, layout, outcome);
  }

  /** What was counted. */
  summary(stepsBack: number, assumed: readonly string[]): ReplaySummary {
    const { seen, dropped, untold, forgot } = this.#sessions;
    return {
      capture: { ...this.#capture, faults: this.#faults, faultCount: this.#faultCount, stepsBack },
      skipped: this.#skipped.sorted(),
      entered: this.#entered.sorted(),
      sent: this.#sent,
      verdicts: this.#verdicts,
      timeline: this.#timeline.read(),
      droppers: this.#droppers.sorted().map(([cause, amount]): Dropper => ({ ...cause, amount })),
      sessions: { seen, inexact: forgot, untold, dropped: dropped.toSorted((a, b) => lostOf(b) - lostOf(a)) },
      translations: [...this.#translations.values()].toSorted((a, b) => b.sessions - a.sessions),
      logged: { lines: this.#logLines, first: this.#logs },
      answers: this.#answers,
      unwritten: this.unwritten,
      merged: this.merged,
      filled: this.#filled,
      completed: this.#completed,
      ruleless: this.#ruleless,
      assumed,
    };
  }

  /** Where the rule, or the chain whose policy it was, stands in its file. */
  #place({ family, table, chain, rule }: Decision): Position | undefined {
    const at = rule?.at ?? this.#rulesets[family]?.tables.get(table)?.chains.get(chain)?.at;
    return at === undefined || at.line === 0 ? undefined : at;
  }

  #cause({ decidedBy, reason }: Outcome): DropCause {
    const identity = decidedBy?.rule ?? (decidedBy ? `${decidedBy.family} ${decidedBy.table} ${decidedBy.chain}` : reason);
    const known = this.#causes.get(identity);
    if (known !== undefined) return known;
    if (decidedBy === undefined && ++this.#reasons > REASON_LIMIT) return OTHER_REASONS;
    const cause = { decidedBy, at: decidedBy && this.#place(decidedBy), reason };
    this.#causes.set(identity, cause);
    return cause;
  }

  #translated(manip: Manip): void {
    const key = `${manip.manip} ${manip.from} > ${manip.to}`;
    const known = this.#translations.get(key);
    if (known) known.sessions++;
    else if (this.#translations.size < REASON_LIMIT) this.#translations.set(key, { ...manip, sessions: 1 });
  }

  /** Notes how the session's first packet that got through was translated. */
  #examine({ flow, fromClient }: FlowPacket, bytes: Uint8Array, layout: Layout, { emitted, delivered }: Outcome): void {
    if (flow.examined || !fromClient) return;
    const after = delivered ?? emitted.find(({ kind }) => kind === "packet")?.bytes;
    if (after === undefined || after === bytes) return;
    flow.examined = true;
    const manips = manipsOf(bytes, layout, after);
    if (manips.length === 0) return;
    for (const manip of manips) this.#translated(manip);
    if (flow.seen) flow.seen.becomes = manips.map(({ manip, to }) => `${manip} ${to}`);
    const laid = dissect(after);
    if (!isFault(laid)) this.#sessions.alias(after, laid, flow);
  }
}

const OTHER_REASONS: DropCause = { decidedBy: undefined, at: undefined, reason: "other reasons" };

const none = (): Amount => ({ packets: 0, bytes: 0 });

function add(amount: Amount, bytes: number): void {
  amount.packets++;
  amount.bytes += bytes;
}

const lostOf = ({
  droppedFromClient,
  droppedFromServer,
}: {
  readonly droppedFromClient: number;
  readonly droppedFromServer: number;
}): number => droppedFromClient + droppedFromServer;

function verdictOf({ verdict, decidedBy }: Outcome): ReplayVerdict {
  switch (verdict) {
    case "stolen":
      return "held";
    case "dropped":
      return decidedBy === undefined ? "ignored" : "dropped";
    case "delivered":
    case "forwarded":
    case "sent":
    case "rejected":
    case "queued":
      return verdict;
  }
}
