import fc from "fast-check";
import { expect, test } from "vitest";
import { ALL_MONTHDAYS, ALL_WEEKDAYS, isTime, LAST_DATE, LAST_SECOND, timeSteps, type TimeTest } from "./day-time.ts";
import { parseDate, parseDaytime, printDate, printDaytime } from "./day-time-text.ts";
import { bareFacts } from "../predicate/index.ts";

const ANY: TimeTest = {
  dateStart: 0,
  dateStop: LAST_DATE,
  dayStart: 0,
  dayStop: LAST_SECOND,
  monthdays: ALL_MONTHDAYS,
  weekdays: ALL_WEEKDAYS,
  contiguous: false,
};
const at = (text: string): number => Date.parse(`${text}Z`) / 1000;
const day = (...days: number[]): number => days.reduce((bits, each) => bits | (1 << each), 0) >>> 0;

test.each([
  ["the last of February in a leap year", { monthdays: day(29) }, "2024-02-29T12:00:00", true],
  ["the day after the 28th in another", { monthdays: day(29) }, "2023-03-01T00:00:00", false],
  ["2000 was a leap year", { monthdays: day(29) }, "2000-02-29T00:00:00", true],
  ["the last second of a year", { monthdays: day(31) }, "2025-12-31T23:59:59", true],
  ["and the next one", { monthdays: day(31) }, "2026-01-01T00:00:00", false],
  ["1970 began on a Thursday", { weekdays: day(4) }, "1970-01-01T00:00:00", true],
  ["Sunday is the seventh day", { weekdays: day(7) }, "2026-11-22T10:00:00", true],
  ["past midnight", { dayStart: 82_800, dayStop: 3600 }, "2026-11-22T00:59:59", true],
  ["its last second", { dayStart: 82_800, dayStop: 3600 }, "2026-11-22T01:00:00", true],
  ["too late", { dayStart: 82_800, dayStop: 3600 }, "2026-11-22T01:00:01", false],
  ["the night belongs to its own day", { dayStart: 82_800, dayStop: 3600, weekdays: day(6) }, "2026-11-22T00:30:00", false],
  ["or to the day before", { dayStart: 82_800, dayStop: 3600, weekdays: day(6), contiguous: true }, "2026-11-22T00:30:00", true],
  ["also over the end of a month", { dayStart: 82_800, dayStop: 3600, monthdays: day(31), contiguous: true }, "2026-11-01T00:30:00", true],
  ["start and stop at once mean always", { dayStart: 5, dayStop: 5 }, "2026-11-22T12:00:00", true],
  ["no end is the end of 31 bits", {}, "2038-01-19T03:14:08", false],
] as const)("%s", (_, part, when, expected) => expect(isTime({ ...ANY, ...part }, at(when))).toBe(expected));

test("the steps of a test together are the test", () => {
  const second = fc.integer({ min: 0, max: LAST_SECOND });
  const date = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(
      fc.record({
        dateStart: fc.oneof(fc.constant(0), date),
        dateStop: fc.oneof(fc.constant(LAST_DATE), date),
        dayStart: fc.oneof(fc.constant(0), second),
        dayStop: fc.oneof(fc.constant(LAST_SECOND), second),
        monthdays: fc.oneof(fc.constant(ALL_MONTHDAYS), fc.integer({ min: 0, max: 0xffffffff })),
        weekdays: fc.oneof(fc.constant(ALL_WEEKDAYS), fc.integer({ min: 0, max: 255 })),
        contiguous: fc.boolean(),
      }),
      date,
      (one, now) => {
        const asked = { ...one, contiguous: one.contiguous && one.dayStart >= one.dayStop };
        const facts = bareFacts(4, () => undefined);
        const moment = { now: now * 1_000_000 + 999_999, random: () => 0 };
        expect(timeSteps(asked, "").every(({ step }) => step(undefined, facts, moment))).toBe(isTime(asked, now));
      },
    ),
  );
});

test("dates and times are read as they are printed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LAST_DATE }), seconds => {
      expect(parseDate(printDate(seconds, "T"))).toBe(seconds);
      expect(parseDaytime(printDaytime(seconds % 86_400))).toBe(seconds % 86_400);
    }),
  );
});
