/** `a, b and c` */
export const both = (items: readonly string[]): string => joined(items, "and");

/** `a, b or c` */
export const either = (items: readonly string[]): string => joined(items, "or");

function joined(items: readonly string[], word: string): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}

/** The items up to `most`, the last of them a count of the rest. */
export const atMost = (items: readonly string[], most: number): readonly string[] =>
  items.length <= most ? items : [...items.slice(0, most - 1), `${items.length - most + 1} more`];

/** `1 rule`, `2 rules` */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** 1 `1st`, 2 `2nd`, 3 `3rd`, 11 `11th`. */
export function ordinal(number: number): string {
  const last = number % 100 > 10 && number % 100 < 20 ? 0 : number % 10;
  return `${number}${["th", "st", "nd", "rd"][last] ?? "th"}`;
}

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** Seconds in their longest whole unit: `20 seconds`, `1 minute`. */
export function duration(seconds: number): string {
  if (!Number.isInteger(seconds)) return `${round(seconds)} seconds`;
  const [size, name] = UNITS.find(([each]) => seconds !== 0 && seconds % each === 0) ?? [1, "second"];
  return count(seconds / size, name);
}

/** What `3 per …` goes on with: `minute`, `20 seconds`. */
export const per = (seconds: number): string => UNITS.find(([size]) => size === seconds)?.[1] ?? duration(seconds);

/** At most three digits after the point. */
export const round = (number: number): string => `${Math.round(number * 1000) / 1000}`;

/** The first letter in upper case. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Abbreviations said letter by letter begin with a vowel's sound for these letters. */
const VOWEL_LETTERS = "AEFHILMNORSX";

/** `a mark`, `an AH SPI`, `an unspec address`; a plural stays without. */
export function withArticle(noun: string): string {
  const [first = ""] = noun.split(" ");
  if (noun.endsWith("s") && !noun.endsWith("ss") && !noun.endsWith("status")) return noun;
  const letters = first.length > 1 && first === first.toUpperCase();
  const vowel = letters
    ? VOWEL_LETTERS.includes(first.slice(0, 1))
    : "aeio".includes(first.slice(0, 1).toLowerCase()) || (first.startsWith("un") && !first.startsWith("uni"));
  return `${vowel ? "an" : "a"} ${noun}`;
}
