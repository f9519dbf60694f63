import { CT_STATE, type Field, type Predicate } from "../../predicate/index.ts";

/** One thing that a rule asks for: a predicate that is neither `not` nor a conjunction, or its opposite. */
export interface Clause {
  readonly of: Predicate;
  readonly negated: boolean;
}

/**
 * A conjunction taken apart: all clauses hold where the predicates do. What always holds, or follows from other clauses, is left out; `false` stays as
 * one clause.
 */
export function clausesOf(predicates: readonly Predicate[]): readonly Clause[] {
  const clauses: Clause[] = [];
  for (const predicate of predicates) takeApart(predicate, false, clauses);
  return withoutImplied(withoutConnectionTests(clauses));
}

/** The alternatives of a clause that is a disjunction, each taken apart, those that another one covers left out; undefined for any other clause. */
export function alternativesOf({ of, negated }: Clause): readonly (readonly Clause[])[] | undefined {
  if (of.is !== (negated ? "all" : "any")) return undefined;
  const alternatives = of.of.flatMap((part): readonly (readonly Clause[])[] => {
    const clauses: Clause[] = [];
    takeApart(part, negated, clauses);
    const [only] = clauses;
    return (only && clauses.length === 1 ? alternativesOf(only) : undefined) ?? [withoutImplied(clauses)];
  });
  return alternatives.filter(
    (each, index) => !alternatives.some((other, at) => other !== each && covers(other, each) && (at < index || !covers(each, other))),
  );
}

/** Does the first hold wherever the second does, because the second asks for all that it asks and more? */
const covers = (wide: readonly Clause[], narrow: readonly Clause[]): boolean =>
  wide.every(clause => narrow.some(other => sameClause(clause, other) || isAbsence(other, fieldOf(clause)) === clause.negated));

/** Does the clause say that a field is missing? Every test of it then fails. Undefined for any other clause. */
const isAbsence = ({ of, negated }: Clause, field: Field | undefined): true | undefined =>
  of.is === "present" && negated && of.field === field ? true : undefined;

function sameClause(one: Clause, other: Clause): boolean {
  return one.negated === other.negated && samePredicate(one.of, other.of);
}

function samePredicate(one: Predicate, other: Predicate): boolean {
  if (one === other) return true;
  if (one.is === "present") return other.is === "present" && one.field === other.field;
  if (one.is === "name") return other.is === "name" && one.field === other.field && one.text === other.text && one.prefix === other.prefix;
  if (one.is === "bits") return other.is === "bits" && one.field === other.field && one.mask === other.mask && one.value === other.value;
  if (one.is !== "in" || other.is !== "in" || one.field !== other.field || one.ranges.length !== other.ranges.length) return false;
  return one.ranges.every(([low, high], index) => low === other.ranges[index]?.[0] && high === other.ranges[index]?.[1]);
}

/** The field that a clause asks about, if it is one. */
export const fieldOf = ({ of }: Clause): Field | undefined => ("field" in of ? of.field : undefined);

/** A user or group is known of a local socket's packets alone. */
export const OWNERS: readonly Field[] = ["uid", "gid"];

/** Leaves out clauses that others say already: that a field is there of which a test succeeds, and disjunctions of which one part is asked for anyway. */
function withoutImplied(clauses: readonly Clause[]): readonly Clause[] {
  const tested = (field: Field, except: Clause): boolean =>
    clauses.some(other => other !== except && !other.negated && other.of.is !== "present" && fieldOf(other) === field);
  const owned = clauses.some(clause => !clause.negated && OWNERS.some(field => fieldOf(clause) === field));
  return clauses.filter((clause, index) => {
    const { of, negated } = clause;
    if (clauses.findIndex(other => sameClause(other, clause)) !== index) return false;
    if (of.is === "present" && !negated) return !tested(of.field, clause);
    if (of.is === "in" && of.field === "socket" && !negated && owned) return false;
    return !alternativesOf(clause)?.some(alternative =>
      alternative.every(part => clauses.some(other => other !== clause && implies(other, part))),
    );
  });
}

/** Does the clause say that the part holds? A test that succeeds says that its field is there. */
function implies(clause: Clause, part: Clause): boolean {
  if (sameClause(clause, part)) return true;
  return part.of.is === "present" && !part.negated && !clause.negated && clause.of.is !== "present" && fieldOf(clause) === part.of.field;
}

const NEVER: Clause = { of: { is: "constant", value: false }, negated: false };

function takeApart(predicate: Predicate, negated: boolean, into: Clause[]): void {
  switch (predicate.is) {
    case "not":
      takeApart(predicate.of, !negated, into);
      return;
    case "constant":
      if (predicate.value === negated) into.push(NEVER);
      return;
    case "all":
    case "any":
      if ((predicate.is === "all") !== negated || predicate.of.length === 1) {
        for (const part of predicate.of) takeApart(part, negated, into);
      } else if (predicate.of.length === 0) into.push(NEVER);
      else into.push({ of: predicate, negated });
      return;
    case "in": {
      const ranges = predicate.ranges.filter(([low, high]) => low <= high);
      if (ranges.length > 0) into.push({ of: ranges.length === predicate.ranges.length ? predicate : { ...predicate, ranges }, negated });
      else if (!negated) into.push(NEVER);
      return;
    }
    case "bits":
      if ((BigInt(predicate.value) & ~BigInt(predicate.mask)) === 0n) into.push({ of: predicate, negated });
      else if (!negated) into.push(NEVER);
      return;
    default:
      into.push({ of: predicate, negated });
  }
}

const WITHOUT_CONNECTION: readonly number[] = [CT_STATE.INVALID, CT_STATE.UNTRACKED];

/** The clause "the packet has a connection", which extensions put beside tests of that connection. */
export function asksForConnection({ of, negated }: Clause): boolean {
  if (!negated || of.is !== "in" || of.field !== "ctstate") return false;
  return (
    of.ranges.length === WITHOUT_CONNECTION.length &&
    of.ranges.every(([low, high]) => low === high && WITHOUT_CONNECTION.includes(Number(low)))
  );
}

/** Leaves out what other clauses say already: that there is a connection, where one of its fields is tested. */
function withoutConnectionTests(clauses: readonly Clause[]): readonly Clause[] {
  const states = clauses.filter(({ of }) => of.is === "in" && of.field === "ctstate");
  const connected = states.some(clause => asksForConnection(clause) || excludesWithout(clause));
  const plain = clauses.flatMap(clause => (connected ? reduced(clause) : [clause]));
  const others = plain.some(clause => !clause.negated && isOfConnection(clause));
  return plain.filter(
    clause => !(asksForConnection(clause) && (others || plain.some(other => other !== clause && excludesWithout(other)))),
  );
}

/** A test of a field that only packets with a connection have. */
export function isOfConnection(clause: Clause): boolean {
  const field = fieldOf(clause);
  return field !== undefined && field !== "ctstate" && field !== "ctzone" && field.startsWith("ct");
}

/** A positive test of the state that no packet without a connection passes. */
function excludesWithout({ of, negated }: Clause): boolean {
  if (negated || of.is !== "in" || of.field !== "ctstate") return false;
  return of.ranges.every(([low, high]) => WITHOUT_CONNECTION.every(state => state < low || high < state));
}

/** "There is no connection, or …" where there is one. */
function reduced(clause: Clause): readonly Clause[] {
  const alternatives = alternativesOf(clause);
  if (!alternatives) return [clause];
  const left = alternatives.filter(
    parts => !parts.some(part => part.of.is === "in" && asksForConnection({ of: part.of, negated: !part.negated })),
  );
  return left.length === 1 && left.length < alternatives.length ? (left[0] ?? []) : [clause];
}
