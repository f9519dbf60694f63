/** Pieces of rules: what a generator of one match or target is given and what it makes. */
import type { Random } from "./random.ts";

export type TableName = "raw" | "mangle" | "nat" | "filter" | "security";
export type Hook = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";
/** What a whole ruleset is about: which extensions may occur in it. */
export type Tier = "plain" | "stateless" | "time" | "random" | "bridge" | "slow";

/** Where a rule will stand, and what `-p` it has ("" for none, "!tcp" when negated). */
export interface Place {
  readonly family: 4 | 6;
  readonly table: TableName;
  /** Every hook that the chain may be reached from. */
  readonly hooks: readonly Hook[];
  readonly protocol: string;
  readonly tier: Tier;
  /** Extensions to leave out. */
  readonly without: ReadonlySet<string>;
}

/** Words of a rule, and the coverage keys they exercise: `multiport ! --dports`. */
export interface Piece {
  readonly text: string;
  readonly covers: readonly string[];
}

/** A generator of one extension's words. */
export interface Maker {
  readonly name: string;
  readonly weight: number;
  allowed(place: Place): boolean;
  make(random: Random, place: Place): Piece;
}

export const onlyIn = (place: Place, ...hooks: Hook[]): boolean => place.hooks.every(hook => hooks.includes(hook));

/** Options gathered one by one: `text` is what follows `-m name` or `-j name`. */
export class Options {
  readonly #name: string;
  readonly #words: string[];
  readonly #covers: string[] = [];

  constructor(flag: "-m" | "-j", name: string) {
    this.#name = name;
    this.#words = [`${flag} ${name}`];
  }

  /** `[!] --option value`. */
  add(option: string, value = "", inverted = false): this {
    this.#words.push(`${inverted ? "! " : ""}${option}${value === "" ? "" : ` ${value}`}`);
    this.#covers.push(`${this.#name} ${inverted ? "! " : ""}${option}`);
    return this;
  }

  piece(): Piece {
    return { text: this.#words.join(" "), covers: this.#covers.length === 0 ? [this.#name] : this.#covers };
  }
}
