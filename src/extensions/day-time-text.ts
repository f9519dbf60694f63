import { UsageError } from "../xtables/index.ts";

/** The decimal digits that a part of a date or time starts with, 0 without any, and what follows. C's strtoul with base 10. */
function digits(text: string): { readonly value: number; readonly rest: string } {
  const [all = "", sign, number = "0"] = /^[ \t-\r]*([-+]?)(\d+)/.exec(text) ?? [];
  return { value: sign === "-" && Number(number) !== 0 ? Infinity : Number(number), rest: text.slice(all.length) };
}

/** The fields of a date behind the year: what may end each, and its highest value. */
const FIELDS: readonly (readonly [end: string, high: number])[] = [
  ["-", 12],
  ["T", 31],
  [":", 23],
  [":", 59],
  ["", 59],
];

/**
 * `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]` from 1970 to 2038 in UTC, as seconds since the epoch. Days that a month has not run over into the next. Throws
 * UsageError. libxt_time: time_parse_date.
 */
export function parseDate(text: string): number {
  const bad = (): UsageError => new UsageError(`Invalid date "${text}" specified. Should be YYYY[-MM[-DD[Thh[:mm[:ss]]]]]`);
  let { value, rest } = digits(text);
  if (value < 1970 || value > 2038 || !endsAt(rest, "-")) throw bad();
  const parts = [value, 1, 1, 0, 0, 0];
  for (const [i, [end, high]] of FIELDS.entries()) {
    if (rest === "") break;
    ({ value, rest } = digits(rest.slice(1)));
    if (value > high || !endsAt(rest, end)) throw bad();
    parts[i + 1] = value;
  }
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  if (seconds < 0) throw new UsageError("mktime returned an error", { status: 1 });
  return seconds;
}

const endsAt = (rest: string, end: string): boolean => rest === "" || (end !== "" && rest.startsWith(end));

/** `hh:mm[:ss]` as seconds of the day. Throws UsageError, which quotes the part that is wrong. libxt_time: time_parse_minutes. */
export function parseDaytime(text: string): number {
  const bad = (part: string): UsageError =>
    new UsageError(`invalid time "${part}" specified, should be hh:mm[:ss] format and within the boundaries`);
  const hour = digits(text);
  if (!hour.rest.startsWith(":") || hour.value > 23) throw bad(text);
  const behind = hour.rest.slice(1);
  const minute = digits(behind);
  if (!endsAt(minute.rest, ":") || minute.value > 59) throw bad(behind);
  const last = minute.rest.slice(1);
  const second = digits(last);
  if (second.rest !== "" || second.value > 59) throw bad(last);
  return (hour.value * 60 + minute.value) * 60 + second.value;
}

/** `2021-02-03T04:05:06` */
export function printDate(seconds: number, between: string): string {
  const text = new Date(seconds * 1000).toISOString();
  return `${text.slice(0, 10)}${between}${text.slice(11, 19)}`;
}

/** `04:05:06` */
export function printDaytime(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
