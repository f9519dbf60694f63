import { createFirewall, type Firewall, type FirewallOptions, type Outcome } from "../engine/index.ts";
import type { Host } from "../host/index.ts";
import { macAt, type CapturedPacket, type CaptureItem, type FrameToWrite, type NetworkPacket } from "../packet/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { assumeCaptureHost } from "./replay-assume.ts";
import { replayClock } from "./replay-clock.ts";
import { Echoes } from "./replay-echo.ts";
import { entrance, SEEN_AGAIN_REASON, type Entry, type EntryHints } from "./replay-entry.ts";
import { leavingFrames } from "./replay-frames.ts";
import { linksFor, mergedTest } from "./replay-links.ts";
import { ReplayRecord } from "./replay-record.ts";
import type { SeenSession } from "./replay-session.ts";
import type { ReplaySummary } from "./replay-summary.ts";
import { wholePacket } from "./replay-whole.ts";

/** What a replay is made of. */
export interface ReplayOptions {
  readonly v4?: Ruleset | undefined;
  readonly v6?: Ruleset | undefined;
  /** Assumed from the capture's beginning when undefined. Its links carry merged segments when the beginning has some. */
  readonly host?: Host | undefined;
  /** What is known of the machine beside an assumed host: settings that a script made, say. */
  readonly complete?: ((assumed: Host) => Host) | undefined;
  /** The ipsets that rules ask and change. */
  readonly sets?: FirewallOptions["sets"];
  readonly hints?: EntryHints | undefined;
  /** Whether to make the frames that leave. */
  readonly frames?: boolean | undefined;
  /** Sessions that are kept for a table of all of them, those without losses included; none unless said. */
  readonly listed?: number | undefined;
  /** The number of a packet in the capture, from 1, whose way is to be traced. */
  readonly traceAt?: number | undefined;
  /** A uniformly random unsigned 32-bit number. */
  random(): number;
}

/** A capture on its way through a firewall. */
export interface Replay {
  /** The next packet or fault of the capture. Answers the frames that leave, when they are wanted; they may come later, in order. */
  take(item: CaptureItem): readonly FrameToWrite[];
  /** The capture is over. */
  end(): readonly FrameToWrite[];
  /** What it came to so far. */
  summary(): ReplaySummary;
  /** The sessions seen so far, in the order of their first packets: as many as `listed` says, and beyond that some that lost packets. */
  readonly sessions: readonly SeenSession[];
  /** What became of the packet that is to be traced, with its events; undefined before it ran. */
  readonly traced: Outcome | undefined;
  /** Undefined before the first packet ran. */
  readonly firewall: Firewall | undefined;
  /** µs: the time of the last packet that ran. */
  readonly now: number;
}

/** Packets that are looked at before the first one runs, to learn about the host, and bytes of them that are held. */
const BEGINNING_PACKETS = 2000;
const BEGINNING_BYTES = 1 << 23;

/** Plays a capture through a firewall, on the capture's own clock and in bounded memory. */
export function createReplay(options: ReplayOptions): Replay {
  const record = new ReplayRecord({ 4: options.v4, 6: options.v6 }, options.listed);
  const clock = replayClock();
  const echoes = new Echoes();
  let beginning: CapturedPacket[] | undefined = [];
  let held = 0;
  let machine: Machine | undefined;
  let now = 0;
  let traced: Outcome | undefined;

  const run = (packet: CapturedPacket, into: FrameToWrite[]): void => {
    const { network } = packet;
    if (network === undefined) return record.skip(packet.skipped ?? "no IP packet", packet);
    now = clock.at(packet.time);
    machine ??= start(options, beginning ?? [], now);
    const entry = machine.enter(packet, network);
    if (entry.way === "skip") return record.skip(entry.reason, packet);
    const whole = wholePacket(packet, network);
    if (whole === undefined) return record.skip("cut too short by the capture", packet);
    const echo = entry.way === "sent" ? echoes.take(whole.bytes, whole.layout) : undefined;
    if (echo !== undefined) return record.skip(echo === "answer" ? ANSWERED : SEEN_AGAIN_REASON, packet);
    const { firewall } = machine;
    if (machine.merged(whole.bytes.length, entry.device)) record.merged++;
    const trace = packet.number === options.traceAt;
    const outcome = play(firewall, entry, whole.bytes, packet.frame, network, { now, trace });
    if (trace) traced = outcome;
    if (outcome.emitted.length > 0 && entry.way === "in") echoes.note(whole.bytes, outcome);
    record.ran(entry, whole, packet, outcome, machine.ruled[network.family]);
    if (!options.frames) return;
    const { frames, lost } = leavingFrames(packet, network, outcome);
    record.unwritten += lost;
    into.push(...frames);
  };
  const release = (): FrameToWrite[] => {
    const frames: FrameToWrite[] = [];
    const waiting = beginning ?? [];
    for (const packet of waiting) run(packet, frames);
    machine ??= start(options, waiting, now);
    beginning = undefined;
    return frames;
  };

  return {
    take(item) {
      if (item.kind === "fault") {
        record.fault(item);
        return NO_FRAMES;
      }
      record.frame(item);
      if (beginning === undefined) {
        const frames: FrameToWrite[] = [];
        run(item, frames);
        return frames;
      }
      beginning.push(item);
      held += item.capturedLength;
      return beginning.length >= BEGINNING_PACKETS || held >= BEGINNING_BYTES ? release() : NO_FRAMES;
    },
    end: () => (beginning === undefined ? NO_FRAMES : release()),
    summary: () => record.summary(clock.stepsBack, machine?.firewall.host.assumed ?? []),
    sessions: record.listed,
    get traced() {
      return traced;
    },
    get firewall() {
      return machine?.firewall;
    },
    get now() {
      return now;
    },
  };
}

/** Why a packet that the captured machine's kernel sent is not run. */
const ANSWERED = "the kernel's own answer, which was made here too";

const NO_FRAMES: readonly FrameToWrite[] = [];

interface Machine {
  readonly firewall: Firewall;
  readonly merged: (length: number, device: string) => boolean;
  readonly ruled: Readonly<Record<4 | 6, boolean>>;
  readonly enter: (packet: CapturedPacket, network: NetworkPacket) => Entry;
}

function start(options: ReplayOptions, beginning: readonly CapturedPacket[], now: number): Machine {
  const { v4, v6, sets, host: given, hints = {}, random, complete = (host: Host) => host } = options;
  const plain = given ?? complete(assumeCaptureHost(beginning, [v4, v6], hints));
  const host = linksFor(plain, beginning, hints);
  const firewall = createFirewall({ v4, v6, host, sets, start: now, random });
  return { firewall, merged: mergedTest(plain), ruled: { 4: v4 !== undefined, 6: v6 !== undefined }, enter: entrance(host, hints) };
}

/** The stack's own answers are in the capture already, so only netfilter and routing answer. */
const ANSWERS = { stack: false } as const;

function play(
  firewall: Firewall,
  entry: Exclude<Entry, { way: "skip" }>,
  bytes: Uint8Array,
  frame: Uint8Array,
  { sourceMac, offset }: NetworkPacket,
  { now, trace }: { readonly now: number; readonly trace: boolean },
): Outcome {
  const run = { ...ANSWERS, trace };
  if (entry.way === "sent") return firewall.send({ bytes }, now, run);
  const { device, pkttype } = entry;
  const mac = sourceMac && macAt(sourceMac);
  const linkHeader = offset === ETHERNET_HEADER ? frame.subarray(0, offset) : undefined;
  return firewall.receive({ bytes, in: device, mac, linkHeader, pkttype }, now, run);
}

const ETHERNET_HEADER = 14;
