import type { RulePointer } from "../../analysis/index.ts";
import type { Documents } from "../state/documents.ts";
import type { TracedPacket } from "../state/traced.ts";
import type { Chance } from "../trace/stage.ts";
import { traceText } from "../trace/work.ts";

/** A packet of one side's trace, in words. */
export interface PacketSide {
  readonly name: string;
  readonly verdict: string;
  readonly accepted: boolean;
  readonly reason: string;
  /** As it arrived, where rewriting or routing changed it; undefined where it did not arrive or is as it was sent. */
  readonly arrived: string | undefined;
  readonly decidedBy: RulePointer | undefined;
}

/** What becomes of a packet or session on one side. */
export interface TraceSide {
  readonly question: string;
  readonly summary: string;
  readonly good: boolean;
  readonly clientSees: string;
  readonly packets: readonly PacketSide[];
}

/** The traces of both sides; a sentence in place of one that cannot be made. */
export interface BothTraces {
  readonly before: TraceSide | string;
  readonly after: TraceSide | string;
}

/** Runs a packet or session through two firewalls; each side has its own question, which for two rulesets are the same. */
export function bothTraces(
  before: Documents,
  after: Documents,
  questions: readonly [before: string, after: string],
  chance: Chance,
): BothTraces {
  return { before: sideOf(before, questions[0], chance), after: sideOf(after, questions[1], chance) };
}

function sideOf(texts: Documents, question: string, chance: Chance): TraceSide | string {
  if (question === "") return "there is no packet of this family to show";
  const answer = traceText(texts, question, chance);
  if ("faults" in answer) return answer.faults[0]?.message ?? "it could not be traced";
  const { summary, good, clientSees, packets } = answer.traced;
  return { question, summary, good, clientSees, packets: packets.map(packetSide) };
}

const packetSide = ({ name, verdict, accepted, reason, sent, arrived, decidedBy }: TracedPacket): PacketSide => ({
  name,
  verdict,
  accepted,
  reason,
  arrived: arrived === sent ? undefined : arrived,
  decidedBy,
});
