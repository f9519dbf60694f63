/** Cases on disk: rules and packets as text, so that a disagreement can be kept, read and run again. */
import { readdirSync, readFileSync } from "node:fs";
import { BUILTIN_CHAINS, TABLES } from "../../src/xtables/index.ts";
import type { Case } from "./case.ts";
import type { GeneratedTable } from "./generate/ruleset.ts";
import type { TableName } from "./generate/piece.ts";
import { rulesetText } from "./generate/ruleset.ts";
import type { Step } from "./referee.ts";

const FOLDER = new URL("cases/", import.meta.url);

interface SavedStep {
  readonly do: Step["do"];
  readonly note: string;
  readonly hex?: string;
  readonly device?: string;
  readonly link?: "broadcast" | "multicast" | "otherhost";
  readonly uid?: number;
  readonly gid?: number;
  readonly mark?: number;
  readonly milliseconds?: number;
}

/** A case as JSON; `about` says what it is there for. */
export interface SavedCase {
  readonly about: string;
  readonly seed: number;
  readonly family: 4 | 6;
  readonly rules: readonly string[];
  readonly steps: readonly SavedStep[];
}

/** The case as JSON text. */
export function saveCase(one: Case, about: string): string {
  const steps = one.steps.map((step): SavedStep => {
    if (step.do === "wait") return step;
    const { bytes, ...rest } = step;
    return { ...rest, hex: Buffer.from(bytes).toString("hex") };
  });
  const saved: SavedCase = { about, seed: one.seed, family: one.family, rules: rulesetText(one.tables).trimEnd().split("\n"), steps };
  return `${JSON.stringify(saved, undefined, 2)}\n`;
}

/** The case of saved JSON. */
export function loadCase(saved: SavedCase): Case {
  return { seed: saved.seed, family: saved.family, tables: tablesOf(saved.rules), steps: saved.steps.map(stepOf) };
}

/** Every case kept beside this file, by file name. */
export function keptCases(family: 4 | 6): (readonly [name: string, about: string, one: Case])[] {
  const names = readdirSync(FOLDER)
    .filter(name => name.endsWith(".json"))
    .toSorted();
  return names
    .map(name => [name, JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as SavedCase] as const)
    .filter(([, saved]) => saved.family === family)
    .map(([name, saved]) => [name, saved.about, loadCase(saved)] as const);
}

function stepOf(saved: SavedStep): Step {
  if (saved.do === "wait") return { do: "wait", milliseconds: saved.milliseconds ?? 0, note: saved.note };
  const bytes = Uint8Array.from(Buffer.from(saved.hex ?? "", "hex"));
  if (saved.do === "send") return { do: "send", bytes, note: saved.note, uid: saved.uid ?? 0, gid: saved.gid ?? 0, mark: saved.mark ?? 0 };
  const link = saved.link === undefined ? {} : { link: saved.link };
  return { do: "inject", device: saved.device ?? "eth0", bytes, note: saved.note, ...link };
}

/** Save text, without counters, as tables. Tables and policies that it does not name are empty and ACCEPT, whatever was loaded before. */
function tablesOf(lines: readonly string[]): GeneratedTable[] {
  const tables: {
    name: TableName;
    chains: { name: string; policy: string }[];
    rules: { chain: string; text: string; covers: string[] }[];
  }[] = [];
  for (const line of lines) {
    const table = tables.at(-1);
    if (line.startsWith("*")) tables.push({ name: line.slice(1) as TableName, chains: [], rules: [] });
    else if (line.startsWith(":")) {
      const [name = "", policy = "-"] = line.slice(1).split(" ");
      table?.chains.push({ name, policy });
    } else if (line.startsWith("-A ")) {
      const [, chain = "", text = ""] = /^-A (\S+) ?(.*)$/.exec(line) ?? [];
      table?.rules.push({ chain, text, covers: [] });
    }
  }
  for (const name of TABLES) {
    let table = tables.find(each => each.name === name);
    if (!table) tables.push((table = { name, chains: [], rules: [] }));
    const missing = BUILTIN_CHAINS[name].filter(chain => !table.chains.some(each => each.name === chain));
    table.chains.unshift(...missing.map(chain => ({ name: chain, policy: "ACCEPT" })));
  }
  return tables;
}
