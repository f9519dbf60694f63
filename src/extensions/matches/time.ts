import { all, opaque } from "../../predicate/index.ts";
import { finallyChecked, strtoul, UsageError, type MatchType, type Parsed, type Value } from "../../xtables/index.ts";
import { ALL_MONTHDAYS, ALL_WEEKDAYS, LAST_DATE, LAST_SECOND, timeSteps, type TimeTest } from "../day-time.ts";
import { parseDate, parseDaytime, printDate, printDaytime } from "../day-time-text.ts";

/** Kernel: struct xt_time_info. */
interface Time extends TimeTest {
  readonly kernelZone: boolean;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

const date: Value<number> = { shape: "YYYY[-MM[-DD[Thh[:mm[:ss]]]]]", parse: parseDate, print: String };
const daytime: Value<number> = { shape: "hh:mm[:ss]", parse: parseDaytime, print: String };

/** The parts of a list, each cut to so many characters; an empty one at the end does not count. libxt_time: my_strseg. */
function parts(text: string, length: number): string[] {
  const all = text.split(",");
  return (all.at(-1) === "" ? all.slice(0, -1) : all).map(part => part.slice(0, length));
}

/** A number that fills the text, 0 for no text at all; undefined otherwise. */
function dayNumber(text: string): number | undefined {
  const { value, rest } = strtoul(text);
  return rest === "" ? Number(BigInt.asUintN(32, value)) : undefined;
}

const monthdays: Value<number> = {
  shape: "day[,day...]",
  parse(text) {
    let bits = 0;
    for (const part of parts(text, 2)) {
      const day = dayNumber(part);
      if (day === undefined || day > 31) throw new UsageError(`${part} is not a valid day for --monthdays`);
      bits |= 1 << day;
    }
    return bits >>> 0;
  },
  print: bits => days(31, bits).join(","),
};

const weekdays: Value<number> = {
  shape: "day[,day...]",
  words: WEEKDAYS,
  parse(text) {
    let bits = 0;
    for (const part of parts(text, 3)) {
      const number = dayNumber(part);
      if (number === 0) throw new UsageError("No, the week does NOT begin with Sunday.");
      const day = number ?? WEEKDAYS.findIndex(name => part.length >= 2 && name.startsWith(part.slice(0, 2))) + 1;
      if (day === 0) throw new UsageError(`${part} is not a valid day specifier`);
      bits |= 1 << day;
    }
    // The kernel keeps eight bits.
    return bits & 0xff;
  },
  print: bits =>
    days(7, bits)
      .map(day => WEEKDAYS[day - 1])
      .join(","),
};

/** The days whose bits are set. */
const days = (last: number, bits: number): number[] => Array.from({ length: last }, (_, i) => i + 1).filter(day => (bits >>> day) & 1);

const spec = {
  datestart: { value: date, help: "Not before this date." },
  datestop: { value: date, help: "Not after this date." },
  timestart: { value: daytime, help: "From this time of the day." },
  timestop: { value: daytime, help: "To this time of the day; the next day's where it is before the start." },
  monthdays: { value: monthdays, invert: true, help: "On these days of the month." },
  weekdays: { value: weekdays, invert: true, help: "On these days of the week." },
  localtz: { excludes: ["utc"], help: "Old name of --kerneltz." },
  utc: { excludes: ["localtz", "kerneltz"], help: "Times are UTC; the default." },
  kerneltz: { excludes: ["utc"], help: "Times are in the kernel's time zone." },
  contiguous: { help: "What lies behind midnight belongs to the day on which the time started." },
} as const;

const chosen = (parsed: Parsed<number> | undefined, every: number): number =>
  parsed ? (parsed.invert ? (parsed.value ^ every) >>> 0 : parsed.value) : every;

const grammar = finallyChecked(spec, (found, given, { warn }): Time => {
  if (found.localtz) warn("--localtz is an old name of --kerneltz: the kernel's zone is not that of the users");
  const info: Time = {
    dateStart: found.datestart?.value ?? 0,
    dateStop: found.datestop?.value ?? LAST_DATE,
    dayStart: found.timestart?.value ?? 0,
    dayStop: found.timestop?.value ?? LAST_SECOND,
    monthdays: chosen(found.monthdays, ALL_MONTHDAYS),
    weekdays: chosen(found.weekdays, ALL_WEEKDAYS),
    contiguous: found.contiguous !== undefined,
    kernelZone: found.kerneltz !== undefined || found.localtz !== undefined,
  };
  if (info.contiguous && info.dayStart < info.dayStop)
    throw new UsageError("time: --contiguous only makes sense when stoptime is smaller than starttime");
  return info;
});

/** `-m time`: the time of day, the day and the date. Kernel: xt_time.c, time_mt. The kernel's zone is taken for UTC. */
export const time: MatchType<Time> = {
  name: "time",
  help: "Match by the time of day, the day and the date.",
  options: { ...grammar, save },
  lower: info => ({ predicate: all(...timeSteps(info, list(info)).map(opaque)) }),
  list,
};

function save(info: Time): string {
  const words: string[] = [];
  if (info.dayStart !== 0 || info.dayStop !== LAST_SECOND)
    words.push(`--timestart ${printDaytime(info.dayStart)} --timestop ${printDaytime(info.dayStop)}`);
  if (info.monthdays !== ALL_MONTHDAYS) words.push(`--monthdays ${monthdays.print(info.monthdays, 4)}`);
  if (info.weekdays !== ALL_WEEKDAYS) words.push(`--weekdays ${weekdays.print(info.weekdays, 4)}`);
  if (info.dateStart !== 0) words.push(`--datestart ${printDate(info.dateStart, "T")}`);
  if (info.dateStop !== 0) words.push(`--datestop ${printDate(info.dateStop, "T")}`);
  if (info.kernelZone) words.push("--kerneltz");
  if (info.contiguous) words.push("--contiguous");
  return words.join(" ");
}

function list(info: Time): string {
  const words = ["TIME"];
  if (info.dayStart !== 0 || info.dayStop !== LAST_SECOND)
    words.push(`from ${printDaytime(info.dayStart)} to ${printDaytime(info.dayStop)}`);
  if (info.weekdays !== ALL_WEEKDAYS) words.push(`on ${weekdays.print(info.weekdays, 4)}`);
  if (info.monthdays !== ALL_MONTHDAYS) words.push(`on ${days(31, info.monthdays).map(ordinal).join(",")}`);
  if (info.dateStart !== 0) words.push(`starting from ${printDate(info.dateStart, " ")}`);
  if (info.dateStop !== LAST_DATE) words.push(info.dateStop === 0 ? "until date" : `until date ${printDate(info.dateStop, " ")}`);
  if (!info.kernelZone) words.push("UTC");
  if (info.contiguous) words.push("contiguous");
  return words.join(" ");
}

/** iptables looks at the last digit only: 12nd. */
function ordinal(day: number): string {
  return `${day}${["th", "st", "nd", "rd"][day % 10] ?? "th"}`;
}
