import type { Chain, Counters, Rule, Ruleset } from "../ruleset/index.ts";
import type { Json } from "./trace-json.ts";

/** Version of the JSON that `show --json` prints; docs/json.md describes it. */
export const RULESET_JSON_VERSION = 1;

/** A ruleset as JSON, tables and chains in their order. */
export function rulesetJson({ family, tables }: Ruleset): Json {
  return {
    ferrule: "ruleset",
    version: RULESET_JSON_VERSION,
    family,
    tables: [...tables.values()].map(({ name, chains }) => ({ name, chains: [...chains.values()].map(chainJson) })),
  };
}

const chainJson = ({ name, policy, counters, rules }: Chain): Json => ({
  name,
  policy: policy ?? null,
  counters: policy ? countersJson(counters) : null,
  rules: rules.map(ruleJson),
});

const ruleJson = ({ conditions, target, counters, at }: Rule): Json => ({
  conditions: conditions.map(({ text }) => text),
  target: target?.save ?? null,
  counters: countersJson(counters),
  file: at.file,
  line: at.line,
  column: at.column,
});

/** Decimal text, for counters go beyond what a JSON number can hold. */
const countersJson = ({ packets, bytes }: Counters): Json => ({ packets: `${packets}`, bytes: `${bytes}` });
