import type { LogLine } from "../engine/index.ts";
import type { Dropper } from "./replay-dropper.ts";
import type { DroppedSession } from "./replay-session.ts";
import type { Amount } from "./replay-tally.ts";
import type { TimelineData } from "./timeline.ts";

/** How a packet came out. `ignored`: dropped by the kernel itself, outside the rules. `held`: a fragment that waits for the rest of its packet. */
export type ReplayVerdict = "delivered" | "forwarded" | "sent" | "dropped" | "rejected" | "ignored" | "queued" | "held";

/** Sessions that were translated in the same way. */
export interface Translation {
  readonly manip: "source" | "destination";
  readonly from: string;
  readonly to: string;
  readonly sessions: number;
}

/** What a capture's replay came to. Byte counts are those of IP packets but for the capture's own. */
export interface ReplaySummary {
  /** Frames, and their bytes on the wire and in the file. */
  readonly capture: {
    readonly packets: number;
    readonly bytes: number;
    readonly capturedBytes: number;
    /** Nanoseconds since 1970; undefined for a capture without frames. */
    readonly first: bigint | undefined;
    readonly last: bigint | undefined;
    readonly faults: readonly { readonly offset: number; readonly message: string }[];
    readonly faultCount: number;
    /** How often its clock was set back. */
    readonly stepsBack: number;
  };
  /** Frames that met no rule, by reason. */
  readonly skipped: readonly (readonly [reason: string, amount: Amount])[];
  /** Packets that came in, by interface. */
  readonly entered: readonly (readonly [device: string, amount: Amount])[];
  /** Packets that this machine sent. */
  readonly sent: Amount;
  readonly verdicts: Readonly<Record<ReplayVerdict, Amount>>;
  readonly timeline: TimelineData;
  readonly droppers: readonly Dropper[];
  readonly sessions: {
    /** By protocol number. */
    readonly seen: ReadonlyMap<number, number>;
    /** Some were forgotten to make room, and may have been counted again. */
    readonly inexact: boolean;
    /** Most dropped packets first. */
    readonly dropped: readonly DroppedSession[];
    /** Dropped ones beyond DROPPED_SESSION_LIMIT. */
    readonly untold: number;
  };
  readonly translations: readonly Translation[];
  /** Lines logged, and the first of them. */
  readonly logged: { readonly lines: number; readonly first: readonly LogLine[] };
  /** Packets that the kernel made in answer. */
  readonly answers: number;
  /** Answers that no frame could be made for. */
  readonly unwritten: number;
  /** Packets that the capture had cut, and checksums that had been left to the network card. */
  readonly filled: number;
  readonly completed: number;
  /** Packets longer than the frames of their link: segments that the network card merged, or would cut. */
  readonly merged: number;
  /** Packets of a family that came without rules. */
  readonly ruleless: Readonly<Record<4 | 6, number>>;
  readonly assumed: readonly string[];
}
