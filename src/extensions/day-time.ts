import type { Opaque } from "../predicate/index.ts";

/** When a rule matches. Kernel: struct xt_time_info. Seconds since the epoch, seconds of the day, and one bit for each day from 1 (Monday is 1). */
export interface TimeTest {
  readonly dateStart: number;
  readonly dateStop: number;
  readonly dayStart: number;
  readonly dayStop: number;
  readonly monthdays: number;
  readonly weekdays: number;
  /** What lies behind midnight belongs to the day before. */
  readonly contiguous: boolean;
}

const DAY = 24 * 60 * 60;
/** Bits 1 to 31, and 1 to 7. Kernel: XT_TIME_ALL_MONTHDAYS, XT_TIME_ALL_WEEKDAYS. */
export const ALL_MONTHDAYS = 0xfffffffe;
export const ALL_WEEKDAYS = 0xfe;
/** 23:59:59. Kernel: XT_TIME_MAX_DAYTIME. */
export const LAST_SECOND: number = DAY - 1;
/** The last second of a signed 32-bit clock: what iptables takes for no end. */
export const LAST_DATE = 0x7fffffff;

/** Does the test hold at a time in seconds since the epoch? Kernel: xt_time.c, time_mt. The kernel's time zone is taken for UTC. */
export function isTime(test: TimeTest, seconds: number): boolean {
  if (seconds < test.dateStart || seconds > test.dateStop) return false;
  const time = seconds % DAY;
  if (!isHour(test, time)) return false;
  const before = test.contiguous && test.dayStart >= test.dayStop && time <= test.dayStop;
  const stamp = before ? seconds - DAY : seconds;
  const weekday = ((Math.floor(stamp / DAY) + 3) % 7) + 1;
  if (((test.weekdays >>> weekday) & 1) === 0) return false;
  return test.monthdays >>> 0 === ALL_MONTHDAYS || ((test.monthdays >>> monthday(stamp)) & 1) === 1;
}

/** From a stop that is not after the start, the night between them counts. */
function isHour({ dayStart, dayStop }: TimeTest, time: number): boolean {
  return dayStart < dayStop ? dayStart <= time && time <= dayStop : dayStart <= time || time <= dayStop;
}

function monthday(seconds: number): number {
  return new Date(seconds * 1000).getUTCDate();
}

/** The steps of a test, those first that a translator can say: hours, weekdays, and the rest. */
export function timeSteps(test: TimeTest, about: string): Opaque<undefined>[] {
  const any: TimeTest = { ...test, dayStart: 0, dayStop: LAST_SECOND, monthdays: ALL_MONTHDAYS, weekdays: ALL_WEEKDAYS, contiguous: false };
  const step = (part: TimeTest, described?: Opaque["described"]): Opaque<undefined> => ({
    name: "time",
    about,
    depends: "time",
    ...(described && { described }),
    start: () => undefined,
    step: (_, __, { now }) => isTime(part, Math.floor(now / 1_000_000)),
  });
  if (test.contiguous) return [step(test)];
  const steps: Opaque<undefined>[] = [];
  const { dayStart, dayStop, weekdays, monthdays } = test;
  if (dayStart !== 0 || dayStop !== LAST_SECOND)
    steps.push(step({ ...any, dayStart, dayStop }, dayStart === dayStop ? undefined : { kind: "hours", from: dayStart, to: dayStop }));
  if (weekdays !== ALL_WEEKDAYS) steps.push(step({ ...any, weekdays }, { kind: "weekdays", days: daysOf(weekdays) }));
  if (monthdays !== ALL_MONTHDAYS) steps.push(step({ ...any, monthdays }));
  const dated = test.dateStart !== 0 || test.dateStop !== LAST_DATE;
  return dated || steps.length === 0 ? [step(any), ...steps] : steps;
}

/** Sunday 0 to Saturday 6. */
function daysOf(weekdays: number): number[] {
  return [7, 1, 2, 3, 4, 5, 6].filter(day => (weekdays >>> day) & 1).map(day => day % 7);
}
