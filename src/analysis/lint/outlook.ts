import {
  among,
  CT_STATE,
  equal,
  named,
  not,
  type Family,
  type Field,
  type Predicate,
  type Scalar,
  type Value,
} from "../../predicate/index.ts";
import { NO, YES, type Diagram, type SessionEnd, type SessionKind, type Shape } from "../../symbolic/index.ts";
import { confirm } from "../confirm/index.ts";
import { possibleOn, sessionsThat } from "../model.ts";
import { witnessOf } from "../witness-of.ts";
import type { WitnessWish } from "../witness-wish.ts";
import type { Path, RulePointer, Witness } from "../witness.ts";
import type { Matter } from "./matter.ts";

/** A witness that the engine confirms, and the rule or policy that decides there. */
export interface Proof {
  readonly witness: Witness;
  readonly decidedBy: RulePointer | undefined;
}

/** A member of the set as a witness; undefined for an empty set, and where the engine does not show what is claimed. */
export function proof(matter: Matter, set: Diagram, wish: WitnessWish): Proof | undefined {
  const witness = witnessOf(matter.space, set, wish);
  if (witness === undefined) return undefined;
  const { family, ruleset, host, sets } = matter.subject;
  const { confirmed, decidedBy } = confirm(witness, { ...(family === 4 ? { v4: ruleset } : { v6: ruleset }), host, sets });
  return confirmed ? { witness, decidedBy } : undefined;
}

/** Single packets that can be on a path and are accepted there, of the shape and state given. */
export function acceptedPackets(matter: Matter, path: Path, state: number, shape: Shape): Diagram {
  return packetsThat(matter, path, state, shape, ending => ending === "accept");
}

/** Single packets that can be on a path, by how they end. */
export function packetsThat(
  matter: Matter,
  path: Path,
  state: number | undefined,
  shape: Shape,
  wanted: (ending: string) => boolean,
): Diagram {
  const { sessions, results, space } = matter;
  const known = new Map<number, number>();
  if (state !== undefined) sessions.assume(known, "ctstate", state);
  for (const [field, value] of shape) sessions.assume(known, field, value);
  const ends = space.diagrams.assume(sessions.packets(path), known);
  const set = space.diagrams.mapLeaves(ends, leaf => (wanted(results.of(leaf).ending) ? YES : NO));
  return space.diagrams.and(set, possibleOn(matter.model, path));
}

/** Whole packets of a shape that come to a hook's chain of the filter table, by how they end there: also those that no path has. */
export function filtered(matter: Matter, hook: "INPUT" | "FORWARD" | "OUTPUT", shape: Shape, wanted: (ending: string) => boolean): Diagram {
  const sets = matter.table("filter");
  if (sets === undefined) return NO;
  const { diagrams } = matter.space;
  const coming = where(matter, sets.entering(hook), [...WHOLE, ...shape]);
  const ends = diagrams.replace(coming, YES, where(matter, sets.diagrams.hook(hook), [...WHOLE, ...shape]));
  return diagrams.mapLeaves(ends, leaf => (leaf !== NO && wanted(matter.results.of(leaf).ending) ? YES : NO));
}

/** Sessions of a kind that can be on a path and end as asked. */
export function sessionsEnding(matter: Matter, path: Path, kind: SessionKind, wanted: (end: SessionEnd) => boolean): Diagram {
  const { sessions, model, space } = matter;
  const found = sessions.on(path).find(each => each.kind === kind);
  return found === undefined ? NO : space.diagrams.and(sessionsThat(model, sessions, found.diagram, wanted), possibleOn(model, path));
}

/** The kind of session with that name. */
export const kindNamed = ({ sessions }: Matter, name: string): SessionKind | undefined => sessions.kinds.find(kind => kind.name === name);

/** What is left of a set when only some fields are looked at. */
export function projected({ space }: Matter, set: Diagram, fields: readonly Field[]): Diagram {
  return space.diagrams.quantify(
    set,
    number => {
      const level = space.levels[number];
      return level?.is !== "field" || !fields.includes(level.field);
    },
    true,
  );
}

/** A set where fields of the packet have the values given. */
export function where({ sessions, space }: Matter, set: Diagram, shape: Shape): Diagram {
  const known = new Map<number, number>();
  for (const [field, value] of shape) sessions.assume(known, field, value);
  return space.diagrams.assume(set, known);
}

/** How many values of a field a set admits. */
export function countOf(matter: Matter, set: Diagram, field: Field): bigint {
  const { space } = matter;
  const { diagrams } = space;
  const left = projected(matter, set, [field]);
  const domain = space.domainOf(field);
  if (left < 0) return left === NO ? 0n : BigInt(domain.greatest ?? 0) + 1n;
  let count = 0n;
  for (let rank = 0; rank < domain.size; rank++) {
    if (domain.isAbsent(rank) || diagrams.child(left, rank) === NO) continue;
    const [low, high] = domain.rangeOf(rank);
    count += BigInt(high) - BigInt(low) + 1n;
  }
  return count;
}

/** Addresses of somebody whom no rule knows. */
export const STRANGER: Readonly<Record<Family, Scalar>> = { 4: 0xcb007109, 6: (0x20010db8n << 96n) | 9n };

/** TCP flags: SYN 2, ACK 16. */
const [SYN, ACK] = [2, 16];

/** Shapes of single packets. */
export const OPENER: Shape = [
  ["protocol", 6],
  ["tcpflags", SYN],
];
export const MID_STREAM: Shape = [
  ["protocol", 6],
  ["tcpflags", ACK],
];
export const DATAGRAM: Shape = [["protocol", 17]];

/** What is the same for all whole packets of a connection's first direction. */
export const WHOLE: Shape = [
  ["fragoff", 0],
  ["morefrags", 0],
  ["l4length", 1000],
  ["ctdir", 0],
];

/** Shape and value of one field. */
export const withField = (shape: Shape, field: Field, value: Value): Shape => [...shape, [field, value]];

/** Predicates that sets of rules are narrowed by. */
export const NEW: Predicate = equal("ctstate", CT_STATE.NEW);
export const FROM_WIRE: Predicate = not(named("iif", "lo"));
export const port = (number: number): Predicate => among("dport", [number, number]);
