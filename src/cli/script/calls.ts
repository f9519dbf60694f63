import type { Position, Rule, Ruleset, Chain, Table } from "../../ruleset/index.ts";

/** A tool's call: its words, each but the last with a NUL behind it, and where the script stood as far as the shell could tell. */
export interface Call {
  readonly words: string;
  /** `FILE:LINE`, or empty. */
  readonly at: string;
}

/** How far behind its place a call may be found. */
const WINDOW = 5000;

/**
 * Places for calls that have none, from another run of the same script in a shell that could tell. Where both runs called the same tools
 * one after the other, the calls answer to each other, whatever they said (a date in a comment, say); else the same words in the same
 * order mean the same place, and what the other run did differently stays without one. Linear.
 */
export function placesFrom(calls: readonly Call[], told: readonly Call[]): readonly string[] {
  if (calls.length === told.length && calls.every(({ words }, index) => toolOf(words) === toolOf(told[index]?.words ?? "")))
    return calls.map(({ at }, index) => (at === "" ? (told[index]?.at ?? "") : at));
  const found = new Map<string, number[]>();
  for (const [index, { words }] of told.entries()) {
    const list = found.get(words);
    if (list) list.push(index);
    else found.set(words, [index]);
  }
  for (const list of found.values()) list.reverse();
  let next = 0;
  return calls.map(({ words, at }) => {
    const list = found.get(words) ?? [];
    while ((list.at(-1) ?? Infinity) < next) list.pop();
    const index = list.at(-1);
    if (index === undefined || index > next + WINDOW) return at;
    next = index + 1;
    return at === "" ? (told[index]?.at ?? "") : at;
  });
}

const toolOf = (words: string): string => words.slice(0, words.indexOf("\0") + 1 || undefined);

/** `FILE:LINE` as a position; without one, the file as a whole. */
export function positionOf(at: string, file: (path: string) => string, script: string): Position {
  const colon = at.lastIndexOf(":");
  const line = Number(at.slice(colon + 1));
  return colon > 0 && Number.isSafeInteger(line) && line > 0
    ? { file: file(at.slice(0, colon)), line, column: 1 }
    : { file: script, line: 0, column: 0 };
}

/** Stands for a file while a script runs: the line is then the number of a call. */
const CALL = "\0call";

/** Where a rule comes from, before anyone knows which line made the call. */
export const madeBy = (call: number): Position => ({ file: CALL, line: call, column: 1 });

/** The ruleset with the place of each call instead of its number. */
export function withPlaces(ruleset: Ruleset, place: (call: number) => Position): Ruleset {
  const moved = (at: Position): Position => (at.file === CALL ? place(at.line) : at);
  const rule = (each: Rule): Rule => ({ ...each, at: moved(each.at) });
  const chain = (each: Chain): Chain => ({ ...each, at: moved(each.at), rules: each.rules.map(rule) });
  const table = (each: Table): Table => ({ ...each, chains: new Map([...each.chains].map(([name, value]) => [name, chain(value)])) });
  return { ...ruleset, tables: new Map([...ruleset.tables].map(([name, value]) => [name, table(value)])) };
}
