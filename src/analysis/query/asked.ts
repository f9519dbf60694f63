import { all, CT_STATE, equal, not, present, type Field, type Predicate } from "../../predicate/index.ts";
import { NO, substituted, tracks, YES, type Diagram, type SessionKind, type Sessions } from "../../symbolic/index.ts";
import { LOCAL_DESTINATION, LOCAL_SOURCE } from "../../symbolic/index.ts";
import { possibleOn, type FamilyModel } from "../model.ts";
import { Boxes, type Dimension } from "../policy/boxes.ts";
import type { Path, Role } from "../witness.ts";
import type { Fate } from "./answer.ts";
import { universe } from "./universe.ts";

/** Sessions or packets that all come to the same. */
export interface FateSet {
  readonly fate: Fate;
  readonly role: Role | undefined;
  /** Conditions and fields of single packets included. */
  readonly set: Diagram;
}

/** What was asked of one family and path, and what becomes of it, as sets over the levels of `boxes`. */
export interface Asked {
  readonly model: FamilyModel;
  readonly path: Path;
  readonly about: "sessions" | "packets";
  readonly boxes: Boxes;
  /** What each dimension is of: `kind` for the level that tells kinds of sessions apart. */
  readonly fields: readonly (Field | "kind")[];
  /** Empty for packets. */
  readonly kinds: readonly SessionKind[];
  readonly asked: Diagram;
  readonly fates: readonly FateSet[];
}

/** How a question is asked. */
export interface Asking {
  readonly path: Path;
  readonly of: Predicate;
  /** Its addresses are those after translation. */
  readonly afterNat: boolean;
}

const SESSION_FIELDS = ["dport", "sport", "oif", "iif", "daddr", "saddr"] as const;

/**
 * What becomes of the sessions that a question is about. The level of `ctstate`, which sessions do not ask for, tells their kinds apart.
 */
export function askedSessions(model: FamilyModel, sessions: Sessions, asking: Asking): Asked {
  const { space } = model;
  const { diagrams } = space;
  const kinds = sessions.on(asking.path);
  const top = space.fieldLevel("ctstate");
  const sets = kinds.map(({ kind, diagram }) => ofKind(model, sessions, asking, kind, diagram));
  const outside = space.leaf("not asked", undefined);
  const over = (parts: readonly Diagram[]): Diagram =>
    diagrams.node(
      top,
      parts.map((part, index): [number, Diagram] => [index, part]),
    );
  const whole = over(kinds.map(({ diagram }, index) => diagrams.choose(sets[index] as Diagram, diagram, outside)));
  const fates = new Map<string, FateSet>();
  for (const leaf of diagrams.leavesOf(whole)) {
    if (leaf === outside) continue;
    const { end, role, ending } = sessions.endOf(leaf);
    const fate: Fate = end === "usable" || end === "half-open" ? end : ending === "reject" ? "rejected" : "dropped";
    const key = `${fate} ${end === "half-open" ? role : ""}`;
    const set = diagrams.mapLeaves(whole, other => (other === leaf ? YES : NO));
    const before = fates.get(key);
    fates.set(key, { fate, role: end === "half-open" ? role : undefined, set: before ? diagrams.or(before.set, set) : set });
  }
  const own = dimensionsOf(model, SESSION_FIELDS, [whole, over(sets)]);
  return {
    model,
    path: asking.path,
    about: "sessions",
    boxes: new Boxes(diagrams, [{ level: top, last: kinds.length - 1 }, ...own.dimensions]),
    fields: ["kind", ...own.fields],
    kinds: kinds.map(({ kind }) => kind),
    asked: over(sets),
    fates: [...fates.values()],
  };
}

/** The levels of some fields, and of whatever else of the client's packet the diagrams ask for, in the order of the diagrams. */
export function dimensionsOf(
  { space }: FamilyModel,
  wanted: readonly Field[],
  diagrams: readonly Diagram[],
): { readonly dimensions: Dimension[]; readonly fields: Field[] } {
  const levels = new Map<number, Field>();
  for (const field of wanted)
    for (const group of space.groupsOf(field) ?? [undefined]) levels.set(space.fieldLevel(field, 0, group), field);
  for (const diagram of diagrams)
    for (const number of space.diagrams.levelsOf(diagram)) {
      const level = space.levels[number];
      if (level?.is === "field" && level.instance === 0 && (level.field !== "ctstate" || wanted.includes("ctstate")))
        levels.set(number, level.field);
    }
  const sorted = [...levels].toSorted(([a], [b]) => a - b);
  return { dimensions: sorted.map(([level]) => ({ level, last: space.lastRankOf(level) })), fields: sorted.map(([, field]) => field) };
}

/** The sessions of one kind that are asked for, and that there can be on the path. */
function ofKind(model: FamilyModel, sessions: Sessions, { path, of, afterNat }: Asking, kind: SessionKind, ends: Diagram): Diagram {
  const { space, lowering, results } = model;
  const { diagrams } = space;
  const known = new Map<number, number>();
  sessions.assume(known, "protocol", kind.protocol);
  for (const [field, value] of kind.opener) sessions.assume(known, field, value);
  const tracked = tracks(sessions.ruleset);
  sessions.assume(known, "ctstate", tracked ? CT_STATE.NEW : CT_STATE.INVALID);
  sessions.assume(known, "ctstatus", tracked ? 0 : undefined);
  assumePlaces(known, model, path);
  const wanted = lowering.set(of);
  const question = afterNat
    ? diagrams.bind(diagrams.assume(sessions.packets(path), known), leaf => substituted(space, wanted, results.of(leaf).transform))
    : wanted;
  const possible = diagrams.and(possibleOn(model, path), lowering.set(universe(path, model.family)));
  let set = diagrams.assume(diagrams.and(question, possible), known);
  if (path === "out" || path === "local") set = diagrams.and(set, ownSockets(model, ends));
  const ports = (["dport", "sport"] as const).map(field => (kind.ports ? present(field) : not(present(field))));
  set = diagrams.and(set, lowering.set(all(...ports)));
  if (set === NO) return NO;
  return diagrams.and(
    set,
    diagrams.mapLeaves(ends, leaf => (sessions.endOf(leaf).end === "elsewhere" ? NO : YES)),
  );
}

/** What this machine opens belongs to a program, as far as the rules ask. */
function ownSockets({ space, lowering }: FamilyModel, ends: Diagram): Diagram {
  const asked = [...space.diagrams.levelsOf(ends)].some(number => {
    const level = space.levels[number];
    return level?.is === "field" && SOCKET_FIELDS.includes(level.field);
  });
  return asked ? lowering.set(all(equal("socket", 1), present("uid"), present("gid"))) : YES;
}

const SOCKET_FIELDS: readonly Field[] = ["socket", "uid", "gid"];

/** A path says which end is this machine, where nobody knows its addresses. */
export function assumePlaces(known: Map<number, number>, { space }: FamilyModel, path: Path): void {
  for (const [number, level] of space.levels.entries()) {
    if (level.is !== "condition") continue;
    if (level.about === LOCAL_SOURCE) known.set(number, Number(path === "out" || path === "local"));
    if (level.about === LOCAL_DESTINATION) known.set(number, Number(path === "in" || path === "local"));
  }
}
