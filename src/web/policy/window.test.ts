import { expect, test } from "vitest";
import fc from "fast-check";
import { scrollFor, windowOf } from "./window.ts";

test.each([
  [100, 34, 0, 340, { first: 0, end: 12 }],
  [100, 34, 1000, 340, { first: 28, end: 44 }],
  [5, 34, 0, 340, { first: 0, end: 5 }],
  [5, 34, 9999, 340, { first: 5, end: 5 }],
  [0, 34, 0, 340, { first: 0, end: 0 }],
])("%i items of %i at %i, %i of room", (count, size, start, room, expected) =>
  expect(windowOf(count, size, start, room)).toEqual(expected),
);

test("everything that can be seen is drawn", () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.integer({ min: 1, max: 300 }), fc.nat(200_000), fc.nat(2000), (count, size, start, room) => {
      const { first, end } = windowOf(count, size, start, room);
      for (const at of [start, start + room - 1]) {
        const item = Math.floor(at / size);
        if (room > 0 && item < count) expect(first <= item && item < end).toBe(true);
      }
      expect(end - first).toBeLessThanOrEqual(Math.ceil(room / size) + 11);
    }),
  );
});

test("an item is scrolled to just so far that it is seen", () => {
  fc.assert(
    fc.property(
      fc.nat(500),
      fc.integer({ min: 1, max: 100 }),
      fc.nat(50_000),
      fc.integer({ min: 300, max: 900 }),
      (index, size, start, room) => {
        const before = 60;
        const to = scrollFor(index, size, start, room, before) ?? start;
        expect(index * size).toBeGreaterThanOrEqual(to);
        expect((index + 1) * size + before).toBeLessThanOrEqual(to + room);
      },
    ),
  );
});
