import type { Subject } from "../../src/analysis/lint/index.ts";
import type { Host } from "../../src/host/index.ts";
import type { Family } from "../../src/predicate/index.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { readRules } from "../../src/syntax/index.ts";
import { BUILTIN_CHAINS, TABLES, type TableName } from "../../src/xtables/index.ts";

/** The file that the rules of a test stand in. */
export const FILE = "rules";

/**
 * Save text from lines as people quote them: `:INPUT DROP` sets a policy, `:mine -` makes a chain (as does a rule in it), `-t nat -A …` goes to
 * another table. Lines with `#` stay where they are.
 */
export function saveText(lines: readonly string[]): string {
  const tables = new Map<TableName, { readonly chains: string[]; readonly rules: string[] }>();
  const tableOf = (name: TableName) => {
    let table = tables.get(name);
    if (!table) tables.set(name, (table = { chains: [], rules: [] }));
    return table;
  };
  let comments: string[] = [];
  for (const line of lines) {
    if (line.startsWith("#")) {
      comments.push(line);
      continue;
    }
    const named = TABLES.find(name => line.startsWith(`-t ${name} `));
    const table = tableOf(named ?? "filter");
    const rest = named === undefined ? line : line.slice(`-t ${named} `.length);
    if (rest.startsWith(":")) table.chains.push(...comments, rest.includes("[") ? rest : `${rest} [0:0]`);
    else table.rules.push(...comments, rest);
    comments = [];
  }
  const text: string[] = [];
  for (const [name, { chains, rules }] of tables) {
    const missing = BUILTIN_CHAINS[name].filter(hook => !chains.some(chain => chain.startsWith(`:${hook} `)));
    const declared = new Set([...BUILTIN_CHAINS[name], ...chains.map(chain => chain.slice(1).split(" ", 1)[0])]);
    const used = new Set(rules.flatMap(rule => /^-A (\S+)/.exec(rule)?.[1] ?? []));
    const own = [...used].filter(chain => !declared.has(chain)).map(chain => `:${chain} - [0:0]`);
    text.push(`*${name}`, ...own, ...missing.map(hook => `:${hook} ACCEPT [0:0]`), ...chains, ...rules, "COMMIT");
  }
  return `${text.join("\n")}\n`;
}

/** The ruleset of a text; throws for one that iptables refuses. */
export function rulesetOf(text: string, family: Family = 4): Ruleset {
  const { ruleset, faults } = readRules(text, FILE, { family, keepNames: true });
  if (ruleset === undefined) throw new Error(faults.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return ruleset;
}

/** What lint looks at, from save text. */
export function subjectOf(text: string, { family = 4, host }: { readonly family?: Family; readonly host?: Host } = {}): Subject {
  return {
    family,
    ruleset: rulesetOf(text, family),
    other: undefined,
    beside: undefined,
    host,
    sets: undefined,
    texts: new Map([[FILE, text.split("\n")]]),
  };
}
