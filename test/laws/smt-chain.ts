/** A filter's chains as SMT-LIB text: the solver's side of the cross-check, with an interpretation of the closed language of its own. */
import type { Predicate } from "../../src/predicate/index.ts";
import type { Chain, Rule, Ruleset } from "../../src/ruleset/index.ts";
import type { TableName } from "../../src/xtables/index.ts";
import type { SmtFields } from "./smt-fields.ts";

/** Names of boolean functions without arguments, defined in the text. */
export interface SmtVerdicts {
  readonly accept: string;
  readonly drop: string;
  readonly reject: string;
}

/** Where a chain's packets go, as names. */
interface Ends extends SmtVerdicts {
  /** Comes back to the chain that jumped here. */
  readonly back: string;
}

/** Puts one table's chains into SMT-LIB definitions; names begin with `prefix`. */
export class SmtChains {
  readonly #table: ReadonlyMap<string, Chain>;
  readonly #fields: SmtFields;
  readonly #prefix: string;
  readonly #done: Map<string, Ends> = new Map();
  #count = 0;
  readonly lines: string[] = [];

  constructor(ruleset: Ruleset, table: TableName, fields: SmtFields, prefix: string) {
    this.#table = ruleset.tables.get(table)?.chains ?? new Map<string, Chain>();
    this.#fields = fields;
    this.#prefix = prefix;
  }

  /** The verdicts of a built-in chain. Throws for actions that no filter has. */
  verdicts(name: string): SmtVerdicts {
    const { accept, drop, reject, back } = this.#ends(name);
    const policy = this.#table.get(name)?.policy;
    if (policy === undefined) throw new Error(`${name} has no policy`);
    return policy === "ACCEPT"
      ? { accept: this.#define(`(or ${accept} ${back})`), drop, reject }
      : { accept, drop: this.#define(`(or ${drop} ${back})`), reject };
  }

  #ends(name: string): Ends {
    const known = this.#done.get(name);
    if (known) return known;
    const chain = this.#table.get(name);
    if (!chain) throw new Error(`no chain ${name}`);
    const ends = this.#walk(chain.rules);
    this.#done.set(name, ends);
    return ends;
  }

  #walk(rules: readonly Rule[]): Ends {
    const parts: Record<keyof Ends, string[]> = { accept: [], drop: [], reject: [], back: [] };
    let reach = "true";
    for (const rule of rules) {
      let held = reach;
      for (const { predicate, hotdrop } of rule.conditions) {
        if (hotdrop) {
          const hot = this.#define(`(and ${held} ${this.#text(hotdrop)})`);
          parts.drop.push(hot);
          held = this.#define(`(and ${held} (not ${hot}))`);
          reach = this.#define(`(and ${reach} (not ${hot}))`);
        }
        held = this.#define(`(and ${held} ${this.#text(predicate)})`);
      }
      reach = this.#act(rule, held, reach, parts);
    }
    parts.back.push(reach);
    const or = (names: readonly string[]): string => this.#define(`(or false ${names.join(" ")})`);
    return { accept: or(parts.accept), drop: or(parts.drop), reject: or(parts.reject), back: or(parts.back) };
  }

  /** What goes on to the next rule. */
  #act(rule: Rule, held: string, reach: string, parts: Record<keyof Ends, string[]>): string {
    const action = rule.target?.action;
    const without = (): string => this.#define(`(and ${reach} (not ${held}))`);
    switch (action?.do) {
      case undefined:
      case "continue":
      case "log":
      case "nflog":
      case "trace":
      case "checksum":
        return reach;
      case "accept":
      case "drop":
      case "reject":
        parts[action.do].push(held);
        return without();
      case "return":
        parts.back.push(held);
        return without();
      case "jump":
      case "goto": {
        const ends = this.#ends(action.chain);
        for (const end of ["accept", "drop", "reject"] as const) parts[end].push(this.#define(`(and ${held} ${ends[end]})`));
        const back = this.#define(`(and ${held} ${ends.back})`);
        if (action.do === "goto") parts.back.push(back);
        return action.do === "goto" ? without() : this.#define(`(or (and ${reach} (not ${held})) ${back})`);
      }
      default:
        throw new Error("no action of a filter");
    }
  }

  #text(predicate: Predicate): string {
    return this.#define(this.#fields.text(predicate));
  }

  #define(text: string): string {
    const name = `${this.#prefix}${this.#count++}`;
    this.lines.push(`(define-fun ${name} () Bool ${text})`);
    return name;
  }
}
