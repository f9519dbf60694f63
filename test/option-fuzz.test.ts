import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Family } from "../src/predicate/index.ts";
import { emptyRuleset } from "../src/ruleset/index.ts";
import { applyCommand, defaultNames, printSpecs, wordsOf } from "../src/syntax/index.ts";
import type { NameTables, TableName } from "../src/xtables/index.ts";
import { seededRandom } from "./kernel/generate/random.ts";
import { spoil } from "./option-fuzz/mutation.ts";
import { askTool, whyNoTool, type Answer, type Question } from "./option-fuzz/tool.ts";
import { chainRows } from "./rows.ts";

/**
 * Options with wrong values, out of place, twice or missing: the sentence, the exit status and the saved rule are the tool's.
 * OPTION_FUZZ=N asks N questions, OPTION_FUZZ_SEED=S makes other ones.
 */
const COUNT = Number(process.env["OPTION_FUZZ"] ?? 600);
const SEED = Number(process.env["OPTION_FUZZ_SEED"] ?? 1);

const reason = whyNoTool();
if (reason !== undefined) console.log(`option-fuzz: skipped, ${reason}`);

interface Row {
  readonly families: readonly Family[];
  readonly table: string;
  readonly chain: string;
  readonly words: readonly string[];
}

function rowsOf(folder: string): Row[] {
  return readdirSync(folder)
    .filter(file => file.endsWith(".t"))
    .flatMap(file => chainRows(readFileSync(`${folder}/${file}`, "utf8")).rules)
    .map(({ family, table, chain, rule }) => ({ families: [family], table, chain, words: wordsOf(rule).map(({ text }) => text) }));
}

function questions(): Question[] {
  const random = seededRandom(SEED);
  const rows = [...rowsOf("src/extensions/matches"), ...rowsOf("src/extensions/targets")].filter(({ words }) => !words.some(isSet));
  const all = rows.map(({ words }) => words);
  return Array.from({ length: COUNT }, () => {
    const { families, table, chain, words } = random.pick(rows);
    const spoilt = random.oneIn(20) ? words : spoil(random, words, all);
    return {
      family: random.oneIn(15) ? random.pick([4, 6] as const) : random.pick(families),
      variant: random.oneIn(4) ? "nft" : "legacy",
      table,
      chain,
      words: spoilt,
    };
  });
}

/** Sets are in the kernel, which has none here. */
const isSet = (word: string): boolean => ["set", "SET"].includes(word);

/** The tool's machine has neither accounting objects nor control groups. */
const BARE: NameTables = { ...defaultNames, account: () => false, controlGroup: () => false };

function ours({ family, variant, table, chain, words }: Question): Answer {
  const { status, error, ruleset } = applyCommand(emptyRuleset(family), ["-t", table, "-A", chain, ...words], { variant, names: BARE });
  const written = ruleset.tables.get(table as TableName);
  const rules =
    status === 0 && written
      ? printSpecs(written)
          .split("\n")
          .filter(line => line.startsWith(`-A ${chain}`))
      : [];
  return { status, error: error.split("\n").findLast(line => line !== "") ?? "", saved: rules.at(-1) ?? "" };
}

/** The tool reads each option as it comes to it; here all are found first, so that of two faults the other one may be told. */
const FOUND_FIRST = /^unknown option|requires an argument$|^Bad argument|^Cannot use -|^Invalid chain name|^chain name/;
/** What depends on the machine: its resolver, its objects, and what the tool dies of. */
const ELSEWHERE = /name resolution|Name or service not known|division by zero/;

function sameAnswer(question: Question, tool: Answer, own: Answer): boolean {
  if (own.status === tool.status && own.error === tool.error && own.saved === tool.saved) return true;
  if (own.status === 2 && tool.status === 2 && [own.error, tool.error].some(error => FOUND_FIRST.test(error))) return true;
  if ([own.error, tool.error].some(error => ELSEWHERE.test(error))) return own.status === tool.status || tool.status > 100;
  // Text that iptables saves so that it cannot read it again is quoted here.
  return own.status === 0 && tool.status === 0 && own.saved.replaceAll(/["\\]/g, "") === tool.saved.replaceAll(/["\\]/g, "");
}

test.skipIf(reason !== undefined)(
  `the tool agrees on ${COUNT} rules with spoilt options (seed ${SEED})`,
  { timeout: 60_000 + COUNT * 50 },
  () => {
    const asked = questions();
    const answers = askTool(asked);
    expect(answers.length).toBe(asked.length);
    const wrong = asked.flatMap((question, at) => {
      const tool = answers[at];
      const own = ours(question);
      if (tool && sameAnswer(question, tool, own)) return [];
      return [
        `${question.variant} IPv${question.family} -t ${question.table} -A ${question.chain} ${question.words.join(" ")}\n  tool ${JSON.stringify(tool)}\n  ours ${JSON.stringify(own)}`,
      ];
    });
    expect(wrong.join("\n")).toBe("");
    console.log(
      `option-fuzz: ${asked.length} rules, ${answers.filter(({ status }) => status === 0).length} of them accepted, all as the tool says`,
    );
  },
);
