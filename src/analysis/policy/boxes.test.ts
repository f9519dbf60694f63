import fc from "fast-check";
import { expect, test } from "vitest";
import { Diagrams, NO, YES, type Diagram } from "../../symbolic/index.ts";
import { Boxes, type Box } from "./boxes.ts";
import { thinned } from "./drafts.ts";
import { classesIn, partition } from "./partition.ts";
import { commonRanks, rangesThatMeet, pushRange, rankCount, ranksWithout, type Ranks } from "./ranks.ts";
import { GROWTH } from "./session-sets.ts";

const LAST = 7;
const dimensions = [0, 1, 2].map(level => ({ level, last: LAST }));

const someRanks: fc.Arbitrary<Ranks> = fc.uniqueArray(fc.integer({ min: 0, max: LAST }), { minLength: 1 }).map(values => {
  const ranks: [number, number][] = [];
  for (const value of values.toSorted((a, b) => a - b)) pushRange(ranks, value, value);
  return ranks;
});
const someBoxes: fc.Arbitrary<readonly Box[]> = fc.array(fc.tuple(someRanks, someRanks, someRanks), { maxLength: 6 });

const within = (ranks: Ranks, rank: number): boolean => ranks.some(([low, high]) => low <= rank && rank <= high);
const inside = (boxes: readonly Box[], point: readonly number[]): boolean =>
  boxes.some(box => box.every((ranks, i) => within(ranks, point[i] as number)));

const points = Array.from({ length: (LAST + 1) ** 3 }, (_, i) => [i >> 6, (i >> 3) & 7, i & 7]);

function setOf(boxes: Boxes, of: readonly Box[]): Diagram {
  return of.reduce((set, box) => boxes.diagrams.or(set, boxes.diagramOf(box)), NO);
}

test("covers hold the points of the set and no others", () => {
  fc.assert(
    fc.property(someBoxes, given => {
      const boxes = new Boxes(new Diagrams(), dimensions);
      const set = setOf(boxes, given);
      const cover = boxes.cover(set, set, [2, 0, 1], 1000).boxes;
      for (const point of points) {
        expect(inside(cover, point)).toBe(inside(given, point));
      }
    }),
    { numRuns: 60 },
  );
});

test("a box that has grown grows no further", () => {
  fc.assert(
    fc.property(someBoxes, given => {
      const boxes = new Boxes(new Diagrams(), dimensions);
      const set = setOf(boxes, given);
      for (const box of boxes.cover(set, set, [0, 1, 2], 1000).boxes)
        for (const dimension of [0, 1, 2]) expect(boxes.allowed(set, box, dimension)).toEqual(box[dimension]);
    }),
    { numRuns: 60 },
  );
});

test("containment is that of points", () => {
  fc.assert(
    fc.property(someBoxes, fc.tuple(someRanks, someRanks, someRanks), (given, box) => {
      const boxes = new Boxes(new Diagrams(), dimensions);
      const all = points.filter(point => inside([box], point)).every(point => inside(given, point));
      expect(boxes.contains(setOf(boxes, given), box)).toBe(all);
    }),
    { numRuns: 100 },
  );
});

test("the share of a set is that of its points", () => {
  fc.assert(
    fc.property(someBoxes, given => {
      const boxes = new Boxes(new Diagrams(), dimensions);
      const share = points.filter(point => inside(given, point)).length / points.length;
      expect(boxes.share(setOf(boxes, given))).toBeCloseTo(share, 12);
    }),
    { numRuns: 60 },
  );
});

test("ranks have the number of their dimension's set: the same for the same ranks alone", () => {
  fc.assert(
    fc.property(someRanks, someRanks, (one, other) => {
      const boxes = new Boxes(new Diagrams(), dimensions);
      expect(boxes.ranksAsSet(1, one) === boxes.ranksAsSet(1, other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});

/** Boxes of all dimensions that rows have, of three ranks each. */
const wide = Array.from({ length: 7 }, (_, level) => ({ level, last: 2 }));
const fewRanks = fc.constantFrom<Ranks>(
  [[0, 0]],
  [[1, 2]],
  [[0, 1]],
  [[2, 2]],
  [[0, 2]],
  [
    [0, 0],
    [2, 2],
  ],
);
const widePoints = Array.from({ length: 3 ** 7 }, (_, i) => wide.map(({ level }) => Math.floor(i / 3 ** level) % 3));

test("boxes that give up what others have still hold the set, and nothing that no box held", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fewRanks, { minLength: 7, maxLength: 7 }), { maxLength: 5 }), fc.nat(), (given, pick) => {
      const boxes = new Boxes(new Diagrams(), wide);
      const union = setOf(boxes, given);
      // Some of what the boxes hold is beyond the set.
      const set = pick % 2 === 0 ? union : boxes.diagrams.minus(union, boxes.ranksAsSet(pick % 7, [[0, 0]]));
      const { boxes: cover } = boxes.cover(set, union, GROWTH, 1000);
      const isAll = (dimension: number, ranks: Ranks): boolean =>
        ranks.length === 1 && ranks[0]?.[0] === 0 && ranks[0][1] === wide[dimension]?.last;
      const kept = thinned({ boxes, isAll }, cover, set);
      const left = setOf(boxes, kept);
      expect(boxes.diagrams.within(set, left)).toBe(true);
      expect(boxes.diagrams.within(left, setOf(boxes, cover))).toBe(true);
      expect(kept.length).toBeLessThanOrEqual(cover.length);
      for (const point of widePoints.slice(0, 50))
        expect(
          boxes.contains(
            left,
            point.map(rank => [[rank, rank]]),
          ),
        ).toBe(inside(kept, point));
    }),
    { numRuns: 60 },
  );
});

test("everything is one box, nothing is none", () => {
  const boxes = new Boxes(new Diagrams(), dimensions);
  expect(boxes.cover(YES, YES, [0, 1, 2], 9).boxes).toEqual([[[[0, LAST]], [[0, LAST]], [[0, LAST]]]]);
  expect(boxes.cover(NO, NO, [0, 1, 2], 9).boxes).toEqual([]);
});

test("a partition tells apart what some set tells apart, and nothing else", () => {
  fc.assert(
    fc.property(fc.array(someRanks, { maxLength: 5 }), sets => {
      const { classOf, classes } = partition(LAST + 1, sets);
      for (let a = 0; a <= LAST; a++)
        for (let b = 0; b <= LAST; b++) expect(classOf[a] === classOf[b]).toBe(sets.every(set => within(set, a) === within(set, b)));
      expect(classes.reduce((sum, ranks) => sum + rankCount(ranks), 0)).toBe(LAST + 1);
      for (const set of sets) {
        const inSet = classesIn({ classOf, classes }, set).reduce((sum, each) => sum + rankCount(classes[each] ?? []), 0);
        expect(inSet).toBe(rankCount(set));
      }
    }),
  );
});

test("ranks: what is common and what is left", () => {
  fc.assert(
    fc.property(someRanks, someRanks, (a, b) => {
      for (let rank = 0; rank <= LAST; rank++) {
        expect(within(commonRanks(a, b), rank)).toBe(within(a, rank) && within(b, rank));
        expect(within(ranksWithout(a, b), rank)).toBe(within(a, rank) && !within(b, rank));
      }
      expect(rangesThatMeet(a, b)).toEqual(a.filter(range => commonRanks([range], b).length > 0));
    }),
  );
});
