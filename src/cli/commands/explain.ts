import { InvalidArgumentError, Option, type Command } from "commander";
import {
  addressLists,
  explainedChains,
  knocks,
  livesOf,
  ruleDetail,
  type Around,
  type ExplainedChain,
} from "../../analysis/explain/index.ts";
import {
  chainJson,
  chainLines,
  detailInWords,
  EXPLAIN_JSON_VERSION,
  jsonText,
  listLines,
  listsJson,
  printable,
  ruleLines,
  wordsFor,
  type Line,
} from "../../report/index.ts";
import type { Rule, Ruleset } from "../../ruleset/index.ts";
import { TABLES, type TableName } from "../../xtables/index.ts";
import { usageFault } from "../fault.ts";
import { hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type RulesFlags } from "../input.ts";
import { putLines, width } from "../paint.ts";
import type { Exit } from "../exit.ts";

/** Which rule is asked for. */
interface RuleName {
  readonly table: TableName;
  readonly chain: string;
  readonly number: number;
}

interface ExplainFlags extends RulesFlags, HostOptions {
  readonly line?: readonly number[];
  readonly chain?: string;
  readonly table?: TableName;
  readonly proof: boolean;
  readonly json?: boolean;
}

/** `ferrule explain`: each rule and chain in a sentence. */
export function addExplain(ferrule: Command, _exit: Exit): void {
  const command = hostOptions(rulesOptions(ferrule.command("explain <rules>").description("say in English what each chain and rule does")));
  // The host's option of this name takes `fwmark 1 table 100`; this command has both.
  const rule = command.options.find(({ long }) => long === "--rule");
  if (rule)
    rule.description =
      "a rule to explain at length, as TABLE:CHAIN:NUMBER or CHAIN:NUMBER, or a policy-routing rule of the host (repeatable)";
  command
    .option("-l, --line <number>", "the rules that stand in this line of RULES, at length (repeatable)", readLine)
    .option("-C, --chain <name>", "only chains of this name")
    .addOption(new Option("-t, --table <name>", "only this table").choices([...TABLES]))
    .option(
      "--no-proof",
      "say what stands in the rules and leave out what the rules around them make of it, which takes time where there are thousands",
    )
    .option("--json", "the sentences as JSON (docs/json.md)")
    .addHelpText(
      "after",
      `
Sentences are made from what rules mean. With --rule or --line besides: how its rates work, what earlier rules leave of it, a packet that the engine has shown
to match it, and which sessions would end otherwise without it.

Examples:
  ferrule explain rules.v4
  ferrule explain rules.v4 --chain INPUT
  ferrule explain rules.v4 --rule INPUT:7
  ferrule explain rules.v4 --line 12
  ferrule explain gateway.rules --rule nat:PREROUTING:1
  ssh router iptables-save | ferrule explain -`,
    )
    .action(async (path: string, given: ExplainFlags) => {
      const { asked: names, routing } = splitRules(given.rule ?? []);
      const { rule: _, ...others } = given;
      const flags: ExplainFlags = routing.length > 0 ? { ...others, rule: routing } : others;
      const { v4, v6, sets, made } = await loadRules(path, flags);
      const around: Around = { host: await loadHost(flags, made), sets };
      const rulesets = [v4, v6].filter(ruleset => ruleset !== undefined);
      const asked = names.map(name => ({ name, found: rulesets.flatMap(ruleset => findRule(ruleset, name)) }));
      const missing = asked.find(({ found }) => found.length === 0);
      if (missing) throw usageFault(path, `there is no rule ${ruleNameText(missing.name)}${lengthText(rulesets, missing.name)}`);
      const inLines = (flags.line ?? []).map(line => ({ line, found: rulesets.flatMap(ruleset => rulesInLine(ruleset, line)) }));
      const empty = inLines.find(({ found }) => found.length === 0);
      if (empty) throw usageFault(path, `there is no rule in line ${empty.line}`);
      const wanted = [...asked.flatMap(({ found }) => found), ...inLines.flatMap(({ found }) => found)];
      if (wanted.length > 0) putRules(wanted, around, flags);
      else putChains(rulesets, around, flags, path);
    });
}

interface Asked {
  readonly ruleset: Ruleset;
  readonly chain: ExplainedChain;
  readonly number: number;
}

function putRules(asked: readonly Asked[], around: Around, { json, proof }: ExplainFlags): void {
  const rulesets = proof ? new Set(asked.map(({ ruleset }) => ruleset)) : [];
  const lives = new Map([...rulesets].map(ruleset => [ruleset, livesOf(ruleset, around)]));
  const told = asked.map(({ ruleset, chain, number }) => {
    const own = lives.get(ruleset);
    return { chain, number, detail: own && ruleDetail(ruleset, own, chain, number, around), words: wordsFor([ruleset]) };
  });
  if (json) putJson({ chains: told.map(({ chain, number, detail }) => chainJson(chain, undefined, { number, detail })) });
  else
    putLines(
      separated(
        told.map(({ chain, number, detail, words }) =>
          ruleLines(chain, number, chain.chain.rules[number - 1] as Rule, detail && detailInWords(detail, words), width()),
        ),
      ),
    );
}

function putChains(rulesets: readonly Ruleset[], around: Around, { json, table, chain, proof }: ExplainFlags, path: string): void {
  const explained = rulesets.map(ruleset => ({ ruleset, chains: explainedChains(ruleset, table, chain) }));
  if (chain !== undefined && explained.every(({ chains }) => chains.length === 0)) throw usageFault(path, `there is no chain ${chain}`);
  const whole = table === undefined && chain === undefined;
  const told = explained.map(({ ruleset, chains }) => ({
    ruleset,
    chains,
    lives: proof ? livesOf(ruleset, around) : undefined,
    lists: whole ? addressLists(ruleset) : [],
  }));
  if (json) {
    putJson({
      chains: told.flatMap(({ chains, lives }) => chains.map(each => chainJson(each, lives))),
      ...(whole && { addressLists: told.map(({ ruleset, lists }) => listsJson(ruleset.family, lists, knocks(ruleset, lists))) }),
    });
    return;
  }
  const texts: Line[][] = [];
  for (const { ruleset, chains, lives, lists } of told) {
    if (rulesets.length > 1) texts.push([[{ text: `IPv${ruleset.family}`, tone: "accent" }]]);
    for (const each of chains) if (isWorthTelling(each)) texts.push(chainLines(each, width(), lives));
    texts.push(listLines(lists, knocks(ruleset, lists), ruleset.family, width()));
    if (lives?.looked === false)
      texts.push([[{ text: "The rules are too many to look at all of their packets: rules that never act are not marked.", tone: "dim" }]]);
  }
  putLines(separated(texts.filter(text => text.length > 0)));
}

/** A chain that is empty and accepts says nothing, unless it is the filter table's. */
const isWorthTelling = ({ chain, table }: ExplainedChain): boolean =>
  chain.hook === undefined || chain.rules.length > 0 || chain.policy === "DROP" || table === "filter";

const putJson = (data: object): void =>
  void process.stdout.write(`${jsonText({ ferrule: "explain", version: EXPLAIN_JSON_VERSION, ...data })}\n`);

const separated = (texts: readonly (readonly Line[])[]): Line[] => texts.flatMap((text, index) => (index === 0 ? text : [[], ...text]));

function findRule(ruleset: Ruleset, { table, chain, number }: RuleName): readonly Asked[] {
  return explainedChains(ruleset, table, chain).flatMap(each =>
    number <= each.chain.rules.length ? [{ ruleset, chain: each, number }] : [],
  );
}

function rulesInLine(ruleset: Ruleset, line: number): readonly Asked[] {
  return explainedChains(ruleset).flatMap(chain =>
    chain.chain.rules.flatMap(({ at }, index) => (at.line === line ? [{ ruleset, chain, number: index + 1 }] : [])),
  );
}

function readLine(text: string, before: readonly number[] = []): readonly number[] {
  const line = Number(text);
  if (!Number.isInteger(line) || line < 1) throw new InvalidArgumentError("expected the number of a line");
  return [...before, line];
}

const ruleNameText = ({ table, chain, number }: RuleName): string => `${table}:${printable(chain)}:${number}`;

function lengthText(rulesets: readonly Ruleset[], { table, chain }: RuleName): string {
  const [found] = rulesets.flatMap(ruleset => explainedChains(ruleset, table, chain));
  return found ? `: ${printable(chain)} has ${found.chain.rules.length}` : `: the table ${table} has no chain ${printable(chain)}`;
}

/** Values of --rule: names of rules to explain, and the host's policy-routing rules, which have blanks in them. */
function splitRules(values: readonly string[]): { readonly asked: readonly RuleName[]; readonly routing: readonly string[] } {
  const routing = values.filter(value => value.includes(" "));
  return { asked: values.filter(value => !value.includes(" ")).map(readRuleName), routing };
}

/** `nat:PREROUTING:1`, or `INPUT:7` for the filter table; a chain's name may hold colons. */
function readRuleName(text: string): RuleName {
  const last = text.lastIndexOf(":");
  const first = text.indexOf(":");
  const number = Number(text.slice(last + 1));
  if (last < 1 || !Number.isInteger(number) || number < 1)
    throw usageFault("--rule", `expected TABLE:CHAIN:NUMBER or CHAIN:NUMBER, not ${text}`);
  const table = TABLES.find(name => first < last && name === text.slice(0, first));
  return { table: table ?? "filter", chain: text.slice(table ? first + 1 : 0, last), number };
}
