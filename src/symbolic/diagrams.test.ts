import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Diagrams, NO, YES, type Diagram } from "./diagrams.ts";
import { SpentBudget } from "./budget.ts";

const LAST = [3, 2, 4];

/** A function of the ranks of three levels, as a table. */
type Table = readonly Diagram[];

const ranksOf = (index: number): number[] => {
  const ranks: number[] = [];
  let rest = index;
  for (const last of LAST) {
    ranks.push(rest % (last + 1));
    rest = Math.floor(rest / (last + 1));
  }
  return ranks;
};
const SIZE = LAST.reduce((size, last) => size * (last + 1), 1);

const built = (diagrams: Diagrams, table: Table, first = 0): Diagram => {
  const make = (level: number, index: number, step: number): Diagram => {
    const last = LAST[level];
    if (last === undefined) return table[index] as Diagram;
    return diagrams.node(
      first + level,
      Array.from({ length: last + 1 }, (_, rank) => [rank, make(level + 1, index + rank * step, step * (last + 1))] as const),
    );
  };
  return make(0, 0, 1);
};

const at = (diagrams: Diagrams, f: Diagram, ranks: readonly number[], first = 0): Diagram => {
  let node = f;
  while (node >= 0) node = diagrams.child(node, ranks[diagrams.levelOf(node) - first] as number);
  return node;
};

/** The diagram is the function that a rule gives for each point. */
function check(diagrams: Diagrams, f: Diagram, wanted: (index: number, ranks: readonly number[]) => Diagram, first = 0): void {
  for (let index = 0; index < SIZE; index++) expect(at(diagrams, f, ranksOf(index), first)).toBe(wanted(index, ranksOf(index)));
}

const OTHER: Diagram = -3;
/** A level from which on levels share a bit. */
const FAR = 40;
const table = fc.array(fc.constantFrom(NO, YES, OTHER), { minLength: SIZE, maxLength: SIZE });
const set = fc.array(fc.constantFrom(NO, YES), { minLength: SIZE, maxLength: SIZE });

describe("diagrams are the functions that they are made of", () => {
  test("equal functions have equal numbers, and evaluate to their table", () => {
    fc.assert(
      fc.property(table, one => {
        const diagrams = new Diagrams();
        const f = built(diagrams, one);
        check(diagrams, f, index => one[index] as Diagram);
        expect(built(diagrams, one)).toBe(f);
      }),
    );
  });

  test("replace, and, or, not, minus, choose", () => {
    fc.assert(
      fc.property(table, table, set, set, (f, g, a, b) => {
        const diagrams = new Diagrams();
        const [df, dg, da, db] = [f, g, a, b].map(each => built(diagrams, each)) as [Diagram, Diagram, Diagram, Diagram];
        check(diagrams, diagrams.replace(df, OTHER, dg), i => (f[i] === OTHER ? (g[i] as Diagram) : (f[i] as Diagram)));
        check(diagrams, diagrams.and(da, db), i => (a[i] === YES && b[i] === YES ? YES : NO));
        check(diagrams, diagrams.or(da, db), i => (a[i] === YES || b[i] === YES ? YES : NO));
        check(diagrams, diagrams.not(da), i => (a[i] === YES ? NO : YES));
        check(diagrams, diagrams.minus(da, db), i => (a[i] === YES && b[i] === NO ? YES : NO));
        check(diagrams, diagrams.choose(da, df, dg), i => (a[i] === YES ? (f[i] as Diagram) : (g[i] as Diagram)));
        expect(diagrams.within(da, db)).toBe(a.every((leaf, i) => leaf === NO || b[i] === YES));
      }),
    );
  });

  test("assume fixes levels, and asks for them no more", () => {
    fc.assert(
      fc.property(table, fc.nat(3), fc.nat(4), (f, first, third) => {
        const diagrams = new Diagrams();
        const df = built(diagrams, f);
        const fixed = diagrams.assume(
          df,
          new Map([
            [0, first],
            [2, third],
          ]),
        );
        check(diagrams, fixed, (_, [, second]) => f[first + (second as number) * 4 + third * 12] as Diagram);
        expect([...diagrams.levelsOf(fixed)].every(level => level === 1)).toBe(true);
        expect(diagrams.restrict(diagrams.restrict(df, 2, third), 0, first)).toBe(fixed);
      }),
    );
  });

  test("quantify: for some and for all ranks of a level", () => {
    fc.assert(
      fc.property(set, fc.nat(2), (a, level) => {
        const diagrams = new Diagrams();
        const da = built(diagrams, a);
        const others = (ranks: readonly number[]): Diagram[] =>
          Array.from({ length: (LAST[level] as number) + 1 }, (_, rank) => at(diagrams, da, ranks.with(level, rank)));
        check(
          diagrams,
          diagrams.quantify(da, l => l === level, true),
          (_, ranks) => (others(ranks).includes(YES) ? YES : NO),
        );
        check(
          diagrams,
          diagrams.quantify(da, l => l === level, false),
          (_, ranks) => (others(ranks).includes(NO) ? NO : YES),
        );
      }),
    );
  });

  test("caseOf and bind take children that reach above the level", () => {
    fc.assert(
      fc.property(table, table, table, (f, g, h) => {
        const diagrams = new Diagrams();
        const [df, dg, dh] = [f, g, h].map(each => built(diagrams, each)) as [Diagram, Diagram, Diagram];
        const cases = diagrams.caseOf(2, [
          [1, df],
          [3, dg],
          [4, dh],
        ]);
        check(diagrams, cases, (i, [, , third]) => ((third as number) <= 1 ? f[i] : (third as number) <= 3 ? g[i] : h[i]) as Diagram);
        const bound = diagrams.bind(df, leaf => (leaf === OTHER ? dg : leaf));
        expect(bound).toBe(diagrams.replace(df, OTHER, dg));
      }),
    );
  });

  test("levels and leaves that share a bit of the masks are told apart", () => {
    fc.assert(
      fc.property(table, set, fc.nat(2), fc.nat(2), (f, a, level, rank) => {
        const diagrams = new Diagrams();
        const far = (leaf: Diagram): Diagram => leaf - 40;
        const df = built(diagrams, f.map(far), FAR);
        const da = built(diagrams, a, FAR);
        expect(new Set(diagrams.leavesOf(df))).toEqual(new Set(f.map(far)));
        for (const each of [0, FAR, FAR + 1, FAR + 2, FAR + 3]) expect(diagrams.asks(df, each)).toBe(diagrams.levelsOf(df).has(each));
        const some = diagrams.mapSome(df, new Set([far(OTHER)]), () => YES);
        check(diagrams, some, i => (f[i] === OTHER ? YES : far(f[i] as Diagram)), FAR);
        check(diagrams, diagrams.endingIn(df, [far(OTHER), far(NO)]), i => (f[i] === YES ? NO : YES), FAR);
        check(diagrams, diagrams.endingIn(built(diagrams, f), [OTHER, YES]), i => (f[i] === NO ? NO : YES));
        const known = new Map([
          [FAR + level, rank],
          [FAR + 3, 1],
        ]);
        check(diagrams, diagrams.assume(df, known), (_, ranks) => at(diagrams, df, ranks.with(level, rank), FAR), FAR);
        const others = (ranks: readonly number[]): Diagram[] =>
          Array.from({ length: (LAST[level] as number) + 1 }, (_, each) => at(diagrams, da, ranks.with(level, each), FAR));
        check(
          diagrams,
          diagrams.quantify(da, l => l === FAR + level, true),
          (_, ranks) => (others(ranks).includes(YES) ? YES : NO),
          FAR,
        );
      }),
    );
  });

  test("leavesOf and the mask name the leaves that are reached", () => {
    fc.assert(
      fc.property(table, f => {
        const diagrams = new Diagrams();
        const df = built(diagrams, f);
        expect(new Set(diagrams.leavesOf(df))).toEqual(new Set(f));
        for (const leaf of [NO, YES, OTHER]) expect((diagrams.maskOf(df) & (1 << (-1 - leaf))) !== 0).toBe(f.includes(leaf));
      }),
    );
  });

  test("leaves beyond the mask's bits are told apart all the same", () => {
    const diagrams = new Diagrams();
    const f = diagrams.node(0, [
      [0, -40],
      [1, -50],
      [3, NO],
    ]);
    expect(at(diagrams, diagrams.replace(f, -40, YES), [0])).toBe(YES);
    expect(at(diagrams, diagrams.replace(f, -40, YES), [1])).toBe(-50);
  });

  test("the budget ends what grows too large, and the store still works", () => {
    const diagrams = new Diagrams(4);
    const grow = (): void => {
      for (let k = 0; k < 10; k++) diagrams.interval(0, k, k, 20, YES, NO);
    };
    expect(grow).toThrow(SpentBudget);
    expect(diagrams.interval(0, 0, 0, 20, YES, NO)).toBe(0);
  });
});
