import { ruleText, type Chain, type Rule, type Ruleset, type Sets, type Table } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { Fault } from "../fault.ts";
import { Guards } from "./guards.ts";
import { givesHelpers, helperPass } from "./helper-pass.ts";
import { ruleLines, type Workshop } from "./rule-lines.ts";
import { SetWords } from "./set-words.ts";
import { Unsayable } from "./unsayable.ts";
import { Identifiers, quoted } from "./words.ts";

/** A ruleset for `nft -f`, and the rules that nft cannot say; with any of those the text is empty. */
export interface NftPrinting {
  readonly text: string;
  readonly faults: readonly Fault[];
}

/** What there is besides rules, and whether each rule gets a counter of its own name: `filter_INPUT.3`. */
export interface NftOptions {
  readonly sets?: Sets | undefined;
  /** µs: timeouts of set elements are what is left of them then. */
  readonly now?: number;
  readonly named?: boolean;
}

/** Priorities of the tables. Kernel: netfilter_ipv4.h, enum nf_ip_hook_priorities. */
const PRIORITY: Readonly<Record<TableName, number>> = { raw: -300, mangle: -150, nat: -100, filter: 0, security: 50 };
const AFTER_ROUTING = 100;
/** Kernel: NF_IP_PRI_CONNTRACK is -200. */
const BEHIND_TRACKING = -199;

/**
 * Prints rulesets as nft tables `ip ferrule` and `ip6 ferrule`, which replace earlier ones of that name. Chains are named TABLE_CHAIN.
 * Counters, comments and policies are kept; counters of policies, which nft has not, are left out.
 */
export function printNft(rulesets: readonly Ruleset[], options: NftOptions = {}): NftPrinting {
  const faults: Fault[] = [];
  const text = rulesets.map(ruleset => new TablePrinter(ruleset, options, faults).print()).join("\n");
  return { text: faults.length === 0 ? text : "", faults };
}

class TablePrinter implements Workshop {
  readonly #ruleset: Ruleset;
  readonly #sets: SetWords;
  readonly #faults: Fault[];
  readonly #names = new Identifiers();
  readonly #counters: string[] = [];
  readonly #made = new Map<string, string>();
  readonly #extra: string[] = [];
  readonly #helpers = new Map<string, string>();
  /** Tracking puts fragments together before all rules. */
  readonly #whole: boolean;
  readonly #ownNames = new Map<Rule, string>();
  readonly named: ((rule: Rule) => string) | undefined;

  constructor(ruleset: Ruleset, { sets, now = 0, named = false }: NftOptions, faults: Fault[]) {
    this.named = named ? rule => this.#ownNames.get(rule) ?? "" : undefined;
    this.#ruleset = ruleset;
    this.#sets = new SetWords(sets, now, this.#names);
    this.#faults = faults;
    this.#whole = tracks(ruleset);
  }

  print(): string {
    const family = this.#ruleset.family === 4 ? "ip" : "ip6";
    const chains = [...this.#ruleset.tables.values()].flatMap(table => this.#table(table, table.name, PRIORITY[table.name]));
    const raw = this.#ruleset.tables.get("raw");
    if (raw && givesHelpers(raw)) {
      const refuse = (rule: Rule, chain: Chain, reason: Unsayable): void => void this.#faults.push(unsaid(rule, chain, reason));
      chains.push(...this.#table(helperPass(raw, refuse), "helpers", BEHIND_TRACKING));
    }
    const body = [
      ...this.#sets.declarations,
      ...this.#helpers.values(),
      ...this.#counters,
      ...this.#extra,
      ...chains.filter(text => text !== ""),
    ];
    return `table ${family} ferrule\ndelete table ${family} ferrule\ntable ${family} ferrule {\n${body.join("\n")}}\n`;
  }

  #table(table: Table, name: string, priority: number): readonly string[] {
    return [...table.chains.values()].map(chain => this.#chain(table, chain, name, priority));
  }

  #helper(name: string, protocol: number | undefined): string {
    const known = protocol === 6 ? "tcp" : protocol === 17 ? "udp" : undefined;
    if (known === undefined) throw new Unsayable("nft knows helpers only for tcp and udp");
    const identifier = this.#names.of(`helper_${name}_${known}`);
    this.#helpers.set(identifier, `\tct helper ${identifier} {\n\t\ttype ${quoted(name, "helper")} protocol ${known};\n\t}\n`);
    return identifier;
  }

  chain(wish: string, lines: readonly string[]): string {
    const key = lines.join("\n");
    const known = lines.some(line => /\b(counter|limit|quota|numgen)\b/.test(line)) ? undefined : this.#made.get(key);
    if (known !== undefined) return known;
    const name = this.#names.fresh(wish);
    this.#made.set(key, name);
    this.#extra.push(block(`chain ${name}`, lines));
    return name;
  }

  counter(packets: bigint, bytes: bigint): string {
    const name = this.#names.fresh("n");
    this.#counters.push(`\tcounter ${name} { packets ${packets} bytes ${bytes} }\n`);
    return name;
  }

  #chain(table: Table, chain: Chain, prefix: string, priority: number): string {
    const { hook } = chain;
    if (hook !== undefined && chain.rules.length === 0 && chain.policy === "ACCEPT") return "";
    const lines: string[] = [];
    if (hook !== undefined) lines.push(baseLine(table.name, hook, chain.policy, priority));
    const guards = new Guards();
    const helper = prefix === "helpers" ? this.#helper.bind(this) : undefined;
    for (const [index, rule] of chain.rules.entries()) {
      if (this.named && !helper) this.#ownCounter(`${this.#nameOf(prefix, chain.name)}.${index + 1}`, rule);
      try {
        lines.push(
          ...ruleLines(rule, {
            family: this.#ruleset.family,
            whole: this.#whole,
            sets: this.#sets,
            hook,
            chain: name => this.#nameOf(prefix, name),
            helper,
            workshop: this,
            guards,
          }),
        );
      } catch (fault) {
        if (!(fault instanceof Unsayable)) throw fault;
        this.#faults.push(unsaid(rule, chain, fault));
      }
    }
    return block(`chain ${this.#nameOf(prefix, chain.name)}`, lines);
  }

  #ownCounter(wish: string, rule: Rule): void {
    const { packets, bytes } = rule.counters;
    this.#ownNames.set(rule, wish);
    this.#counters.push(`\tcounter ${wish} { packets ${packets} bytes ${bytes} }\n`);
  }

  #nameOf(table: string, chain: string): string {
    return this.#names.of(`${table}_${chain}`);
  }
}

const block = (title: string, lines: readonly string[]): string => `\t${title} {\n${lines.map(line => `\t\t${line}\n`).join("")}\t}\n`;

function baseLine(table: TableName, hook: string, policy: "ACCEPT" | "DROP" | undefined, usual: number): string {
  const type = table === "nat" ? "nat" : table === "mangle" && hook === "OUTPUT" ? "route" : "filter";
  const priority = table === "nat" && (hook === "INPUT" || hook === "POSTROUTING") ? AFTER_ROUTING : usual;
  return `type ${type} hook ${hook.toLowerCase()} priority ${priority}; policy ${(policy ?? "ACCEPT").toLowerCase()};`;
}

/** Does any rule make the kernel track connections, and so put fragments together before all rules? */
function tracks({ tables }: Ruleset): boolean {
  for (const { chains } of tables.values())
    for (const { rules } of chains.values())
      for (const { matches, target } of rules)
        if ((target?.needs.length ?? 0) > 0 || matches.some(({ needs }) => needs.length > 0)) return true;
  return false;
}

function unsaid(rule: Rule, chain: Chain, { message }: Unsayable): Fault {
  const text = ruleText(rule);
  const { file, line, column } = rule.at;
  return { file, line, column, endColumn: column, message: `${message}, in -A ${chain.name}${text === "" ? "" : ` ${text}`}`, status: 2 };
}
