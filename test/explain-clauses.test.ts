import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alternativesOf, clausesOf, type Clause } from "../src/analysis/explain/index.ts";
import {
  all,
  always,
  among,
  any,
  bareFacts,
  bareStore,
  bits,
  equal,
  holds,
  named,
  never,
  not,
  present,
  type Facts,
  type Field,
  type Moment,
  type Predicate,
  type Value,
} from "../src/predicate/index.ts";
import { chainRows, factsOf, loadedRule } from "./rows.ts";

/** A rule's conditions taken apart for its sentence mean what they meant before. */

const moment: Moment = { now: 1e15, random: () => 0 };

const clauseHolds = ({ of, negated }: Clause, facts: Facts): boolean => holds(of, facts, moment, bareStore(moment)) !== negated;
const together = (clauses: readonly Clause[], facts: Facts): boolean => clauses.every(clause => clauseHolds(clause, facts));

describe("clauses and the rows of every extension", () => {
  for (const folder of ["matches", "targets"])
    for (const name of readdirSync(`src/extensions/${folder}`).filter(file => file.endsWith(".t"))) {
      const { packets } = chainRows(readFileSync(`src/extensions/${folder}/${name}`, "utf8"));
      if (packets.length === 0) continue;
      test(`${name}: ${packets.length} rules on packets`, () => {
        for (const row of packets) {
          const predicates = loadedRule(row).conditions.map(({ predicate }) => predicate);
          const facts = factsOf(row.packet, row.family);
          const before = predicates.every(predicate => holds(predicate, facts, moment, bareStore(moment)));
          expect(together(clausesOf(predicates), facts), `${row.rule} on ${row.packet}`).toBe(before);
        }
      });
    }
});

/** Fields as packets have them: a state always, a user only with a socket, other fields or none. */
const packet = fc.record({
  ctstate: fc.integer({ min: 0, max: 4 }),
  ctdir: fc.constantFrom(undefined, 0, 1),
  socket: fc.constantFrom(0, 1),
  uid: fc.constantFrom(undefined, 0, 1000),
  physin: fc.constantFrom(undefined, "eth0", "eth1"),
  physout: fc.constantFrom(undefined, "eth0"),
  ctmark: fc.constantFrom(undefined, 0, 1, 3),
});

function facts(fields: Readonly<Record<string, Value>>): Facts {
  const tracked = fields["ctstate"] !== 0 && fields["ctstate"] !== 4;
  return bareFacts(4, (field: Field) => {
    if (field === "uid" && fields["socket"] !== 1) return undefined;
    if (field !== "ctstate" && field.startsWith("ct") && !tracked) return undefined;
    return fields[field];
  });
}

const leaf: fc.Arbitrary<Predicate> = fc.oneof(
  fc.constantFrom(always, never),
  fc.constantFrom<Predicate>(
    among("ctstate", [0, 0], [4, 4]),
    among("ctstate", [1, 1]),
    among("ctstate", [2, 3]),
    among("ctstate", [0, 1]),
    equal("socket", 1),
    equal("uid", 1000),
    among("uid", [5, 1]),
    equal("ctdir", 0),
    present("physin"),
    present("physout"),
    present("ctmark"),
    named("physin", "eth0"),
    named("physout", "eth0"),
    bits("ctmark", 1, 1),
    bits("ctmark", 1, 2),
  ),
);
const { predicate } = fc.letrec<{ predicate: Predicate }>(tie => ({
  predicate: fc.oneof(
    { depthSize: "small" },
    leaf,
    tie("predicate").map(not),
    fc.array(tie("predicate"), { maxLength: 3 }).map(parts => all(...parts)),
    fc.array(tie("predicate"), { maxLength: 3 }).map(parts => any(...parts)),
  ),
}));

test("clauses of any predicates mean their conjunction, and alternatives their disjunction", () => {
  fc.assert(
    fc.property(fc.array(predicate, { maxLength: 3 }), packet, (predicates, fields) => {
      const around = facts(fields);
      const clauses = clausesOf(predicates);
      expect(together(clauses, around)).toBe(predicates.every(each => holds(each, around, moment, bareStore(moment))));
      for (const clause of clauses) {
        const alternatives = alternativesOf(clause);
        if (alternatives) expect(alternatives.some(each => together(each, around))).toBe(clauseHolds(clause, around));
      }
    }),
    { numRuns: 5000 },
  );
});
