import { hasPorts } from "../../packet/index.ts";
import { all, among, any, CT_STATE, equal, not, present, type Family, type Field, type Predicate } from "../../predicate/index.ts";
import { NO, substituted, TOLD_APART, untracks, YES, type Diagram, type Sessions } from "../../symbolic/index.ts";
import type { FamilyModel } from "../model.ts";
import { Boxes } from "../policy/boxes.ts";
import { PATHS } from "../witness.ts";
import type { Fate } from "./answer.ts";
import { assumePlaces, dimensionsOf, type Asked, type Asking } from "./asked.ts";
import { universe } from "./universe.ts";

/** What becomes of the single packets that a condition holds for: whole ones, of the direction that opens connections. */
export function askedPackets(model: FamilyModel, sessions: Sessions, asking: Asking): Asked {
  const { space, lowering, results } = model;
  const { diagrams } = space;
  const { path } = asking;
  const known = new Map<number, number>();
  sessions.assume(known, "fragoff", 0);
  sessions.assume(known, "morefrags", 0);
  assumePlaces(known, model, path);
  const wanted = lowering.set(asking.of);
  const ends = sessions.packets(path);
  const question = asking.afterNat ? diagrams.bind(ends, leaf => substituted(space, wanted, results.of(leaf).transform)) : wanted;
  const possible = lowering.set(
    all(universe(path, model.family), wellFormed(model.family, [...space.protocols]), trackable(model.family, untracks(sessions.ruleset))),
  );
  const set = diagrams.assume(diagrams.and(question, possible), known);
  const outside = space.leaf("not asked", undefined);
  const whole = diagrams.choose(set, diagrams.assume(ends, known), outside);
  const fates = new Map<Fate, Diagram>();
  let elsewhere: Diagram = NO;
  for (const leaf of diagrams.leavesOf(whole)) {
    if (leaf === outside) continue;
    const { ending } = results.of(leaf);
    const here = diagrams.mapLeaves(whole, other => (other === leaf ? YES : NO));
    if (ending === "elsewhere") {
      elsewhere = diagrams.or(elsewhere, here);
      continue;
    }
    const fate: Fate = ending === "accept" ? "accepted" : ending === "reject" ? "rejected" : "dropped";
    fates.set(fate, diagrams.or(fates.get(fate) ?? NO, here));
  }
  const { dimensions, fields } = dimensionsOf(model, TOLD_APART, [whole, set]);
  return {
    model,
    path,
    about: "packets",
    boxes: new Boxes(diagrams, dimensions),
    fields,
    kinds: [],
    asked: diagrams.minus(set, elsewhere),
    fates: Array.from(fates, ([fate, of]) => ({ fate, role: undefined, set: of })),
  };
}

/** Packets with the headers that their protocol says. */
function wellFormed(family: Family, protocols: readonly number[]): Predicate {
  const icmp = family === 4 ? 1 : 58;
  const has = (...fields: Field[]): Predicate =>
    all(...HEADER_FIELDS.map(field => (fields.includes(field) ? present(field) : not(present(field)))));
  const ported = protocols.filter(protocol => hasPorts(protocol) && protocol !== 6);
  const is = (...numbers: number[]): Predicate => among("protocol", ...numbers.map((number): [number, number] => [number, number]));
  const headers = any(
    all(equal("protocol", 6), has("sport", "dport", "tcpflags")),
    all(equal("protocol", icmp), has("icmptype", "icmpcode")),
    all(is(...ported), has("sport", "dport")),
    all(not(is(6, icmp, ...ported)), has()),
  );
  return all(present("protocol"), headers, among("ctstate", [CT_STATE.INVALID, CT_STATE.UNTRACKED]));
}

/** What is not tracked: what a rule exempts, and what ICMPv6 is for neighbours (types 133 to 137) and multicast listeners (130 to 132, 143). */
function trackable(family: Family, exempted: boolean): Predicate {
  if (exempted) return all();
  const tracked = not(equal("ctstate", CT_STATE.UNTRACKED));
  return family === 4 ? tracked : any(tracked, all(equal("protocol", 58), among("icmptype", ...UNTRACKED_ICMPV6)));
}

/** Kernel: nf_conntrack_proto_icmpv6.c, nf_conntrack_icmpv6_error. */
const UNTRACKED_ICMPV6: readonly (readonly [number, number])[] = [
  [130, 137],
  [143, 143],
];

const HEADER_FIELDS: readonly Field[] = ["sport", "dport", "tcpflags", "icmptype", "icmpcode"];

/** Predicates whose constants the answers need, besides those of the questions. */
const ASKED_CONSTANTS: readonly Predicate[] = [
  among("fragoff", [0, 0]),
  among("morefrags", [0, 0]),
  equal("socket", 1),
  among("ctstate", [CT_STATE.INVALID, CT_STATE.UNTRACKED]),
  among("icmptype", ...UNTRACKED_ICMPV6),
];

/** The same for one family. */
export const askedConstants = (family: Family): readonly Predicate[] => [...ASKED_CONSTANTS, ...PATHS.map(path => universe(path, family))];
