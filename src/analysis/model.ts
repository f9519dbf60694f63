import type { Family, Predicate } from "../predicate/index.ts";
import type { Host } from "../host/index.ts";
import type { Ruleset, Sets } from "../ruleset/index.ts";
import {
  clientView,
  Lowering,
  possible,
  Results,
  Sessions,
  surveyed,
  NO,
  YES,
  type Diagram,
  type SessionEnd,
  type Space,
} from "../symbolic/index.ts";
import type { Path } from "./witness.ts";

/** Rules of both families with what is known of their machine. */
export interface Firewall {
  readonly v4?: Ruleset | undefined;
  readonly v6?: Ruleset | undefined;
  readonly host?: Host | undefined;
  readonly sets?: Sets | undefined;
}

/** What a model must tell apart. */
export interface ModelOptions {
  /** Questions, as predicates over the client's packet: their constants are told apart. */
  readonly questions?: readonly Predicate[];
  /** Logging, marks and service types count too. */
  readonly strict?: boolean;
  readonly budget?: number;
  /** µs since the epoch, for entries of sets that time out. */
  readonly now?: number;
}

/** One family of one or two firewalls, as diagrams over the same levels. */
export interface FamilyModel {
  readonly family: Family;
  readonly space: Space;
  readonly results: Results;
  /** Sets of client packets by predicates. */
  readonly lowering: Lowering;
  /** One for each firewall, in the order given. */
  readonly sessions: readonly Sessions[];
  readonly rulesets: readonly Ruleset[];
  readonly host: Host | undefined;
}

/** Firewalls of one family that are looked at together; a firewall without rules of the family accepts everything. */
export function familyModel(family: Family, firewalls: readonly Firewall[], options: ModelOptions = {}): FamilyModel {
  const rulesets = firewalls.map(({ v4, v6 }) => (family === 4 ? v4 : v6) ?? { family, tables: new Map() });
  const [first] = firewalls;
  const space = surveyed({
    family,
    rulesets,
    host: first?.host,
    sets: first?.sets,
    questions: options.questions ?? [],
    observeFields: options.strict ?? false,
    ...(options.budget !== undefined && { budget: options.budget }),
    ...(options.now !== undefined && { now: options.now }),
  });
  const results = new Results(space, rulesets.length > 1);
  const sessions = rulesets.map(ruleset => new Sessions(ruleset, results, { effects: options.strict ?? false }));
  return { family, space, results, lowering: new Lowering(space, clientView(space)), sessions, rulesets, host: first?.host };
}

/** The sessions that there can be on a path: with interfaces as packets there have them, and ordinary addresses. */
export function possibleOn(model: FamilyModel, path: Path): Diagram {
  return model.lowering.set(possible(path, model.family, model.host));
}

/** The sessions of a diagram of sessions whose end is as asked. */
export function sessionsThat(model: FamilyModel, sessions: Sessions, diagram: Diagram, wanted: (end: SessionEnd) => boolean): Diagram {
  return model.space.diagrams.mapLeaves(diagram, leaf => (wanted(sessions.endOf(leaf)) ? YES : NO));
}

/** Levels of conditions, choices and fields of single packets: what is left when protocol, ports, interfaces and addresses are known. */
export function isCondition(model: FamilyModel, level: number): boolean {
  const info = model.space.levels[level];
  return info === undefined || info.is !== "field" || !SESSION_FIELDS.has(info.field);
}

const SESSION_FIELDS: ReadonlySet<string> = new Set(["protocol", "icmptype", "icmpcode", "sport", "dport", "iif", "oif", "saddr", "daddr"]);

/** A set of sessions from below and from above: those that are in it whatever the conditions, and those that some conditions let in. */
export function bounds(model: FamilyModel, set: Diagram): { readonly always: Diagram; readonly maybe: Diagram } {
  const { diagrams } = model.space;
  const gone = (level: number): boolean => isCondition(model, level);
  return { always: diagrams.quantify(set, gone, false), maybe: diagrams.quantify(set, gone, true) };
}

/** What conditions a set of sessions depends on, in words. */
export function conditionsOf(model: FamilyModel, set: Diagram): string[] {
  const { space } = model;
  const words = new Set<string>();
  for (const level of space.diagrams.levelsOf(set)) {
    const info = space.levels[level];
    if (info === undefined || !isCondition(model, level)) continue;
    words.add(info.is === "field" ? info.field : info.about);
  }
  return [...words];
}
