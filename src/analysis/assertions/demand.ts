import { all, any, bits, CT_STATE, equal, not, type Family, type Predicate } from "../../predicate/index.ts";
import { NO, tracks, type Diagram } from "../../symbolic/index.ts";
import type { FamilyModel } from "../model.ts";
import type { AnswerPart, Fate } from "../query/answer.ts";
import { ORDINARY_PORTS, type QueryStand } from "../query/ask.ts";
import { askedSessions, type Asked } from "../query/asked.ts";
import { askedPackets } from "../query/asked-packets.ts";
import { partsOf } from "../query/parts.ts";
import type { LoweredQuestion } from "../question/lower-question.ts";
import type { Path } from "../witness.ts";

/** What most assertions come to: everything that is asked about ends in one of these ways. */
export interface Demand {
  readonly about: "sessions" | "packets";
  readonly asked: readonly LoweredQuestion[];
  readonly fates: readonly Fate[];
  readonly afterNat: boolean;
  /** Clients that say no port use ordinary ones. */
  readonly ordinaryPorts: boolean;
  /** Fails where there is nothing that it could be about. */
  readonly some: boolean;
}

/** What contradicts a demand. */
export interface Contradiction {
  readonly parts: readonly AnswerPart[];
  /** Fates that occur, wanted or not. */
  readonly seen: ReadonlySet<Fate>;
  /** Is anything contradicting? */
  readonly found: boolean;
  /** Was there anything to ask about? */
  readonly asked: boolean;
}

/** A model of each family. */
export interface Models {
  get(family: Family): FamilyModel;
}

/** Counterexamples of each fate, family and path. */
const LIMITS = { can: 2, cannot: 2 } as const;

/** Everything of a demand that ends otherwise, with witnesses. */
export function contradictions(demand: Demand, models: Models, stand: QueryStand): Contradiction {
  const parts: AnswerPart[] = [];
  const seen = new Set<Fate>();
  let found = false;
  let asked = false;
  for (const { family, path, of } of demand.asked) {
    const model = models.get(family);
    const [sessions] = model.sessions;
    if (sessions === undefined) continue;
    const asking = (demand.about === "sessions" ? askedSessions : askedPackets)(model, sessions, { path, of, afterNat: demand.afterNat });
    if (asking.asked === NO) continue;
    asked = true;
    for (const { fate, set } of asking.fates) if (set !== NO) seen.add(fate);
    const bad = contradicting(asking, demand, model);
    if (bad.fates.length === 0) continue;
    found = true;
    parts.push(...partsOf(bad, () => true, stand, LIMITS).parts);
  }
  return { parts, seen, found, asked };
}

/** The same with the fates alone that contradict. */
function contradicting(asking: Asked, { fates, ordinaryPorts }: Demand, { lowering, space }: FamilyModel): Asked {
  const among = (set: Diagram): Diagram => (ordinaryPorts ? space.diagrams.and(set, lowering.set(ORDINARY_PORTS)) : set);
  const bad = asking.fates.filter(({ fate }) => !fates.includes(fate)).map(each => ({ ...each, set: among(each.set) }));
  return { ...asking, asked: among(asking.asked), fates: bad.filter(({ set }) => set !== NO) };
}

const FIN_SYN_RST_ACK = 23;
const SYN = 2;
const ACK = 16;

/**
 * Packets that belong to no session and open none: of TCP those without SYN that tracking takes up in the middle, and those that it calls
 * INVALID; replies that nobody asked for.
 */
export function strayPackets(family: Family, model: Pick<FamilyModel, "rulesets">): Predicate {
  const tracked = model.rulesets[0] !== undefined && tracks(model.rulesets[0]);
  const tcp = equal("protocol", 6);
  const later = all(tcp, not(bits("tcpflags", FIN_SYN_RST_ACK, SYN)));
  const replies = all(equal("protocol", family === 4 ? 1 : 58), any(...REPLIES[family].map(type => equal("icmptype", type))));
  if (!tracked) return any(later, replies);
  const invalid = equal("ctstate", CT_STATE.INVALID);
  return any(all(tcp, bits("tcpflags", FIN_SYN_RST_ACK, ACK), equal("ctstate", CT_STATE.NEW)), all(any(later, replies), invalid));
}

/** Echo, timestamp and address mask replies. */
const REPLIES: Readonly<Record<Family, readonly number[]>> = { 4: [0, 14, 18], 6: [129] };

/** Paths on which strays are looked for unless others are asked for: what the machine itself sends is its own. */
export const STRAY_PATHS: readonly Path[] = ["in", "forward"];
