import type { Certainty, PolicyReport } from "../analysis/index.ts";
import type { Predicate } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { circumstance } from "./sentence/opaque-phrase.ts";

/** The report with conditions in words for people where there are any: `5 per minute at most with bursts of 5`. */
export function inWords(report: PolicyReport, rulesets: readonly (Ruleset | undefined)[]): PolicyReport {
  const words = conditionWords(rulesets);
  const said = (certainty: Certainty): Certainty =>
    certainty.sure ? certainty : { sure: false, depends: [...new Set(certainty.depends.map(about => words.get(about) ?? about))] };
  const each = <Row extends { readonly certainty: Certainty }>(rows: readonly Row[]): Row[] =>
    rows.map(row => ({ ...row, certainty: said(row.certainty) }));
  return {
    ...report,
    sections: report.sections.map(section => ({
      ...section,
      usable: each(section.usable),
      halfOpen: each(section.halfOpen),
      strays: each(section.strays),
    })),
  };
}

/** Conditions of rules in words for people, by what is said of them for machines. */
export function conditionWords(rulesets: readonly (Ruleset | undefined)[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const take = (predicate: Predicate): void => {
    if (predicate.is === "not") take(predicate.of);
    else if (predicate.is === "all" || predicate.is === "any") for (const part of predicate.of) take(part);
    else if (predicate.is === "opaque" && predicate.opaque.described && !words.has(predicate.opaque.about)) {
      const { text } = circumstance(predicate.opaque, false);
      words.set(predicate.opaque.about, text.startsWith("if ") ? text.slice("if ".length) : text);
    }
  };
  for (const ruleset of rulesets)
    for (const { chains } of ruleset?.tables.values() ?? [])
      for (const { rules } of chains.values())
        for (const { conditions } of rules)
          for (const { predicate, hotdrop } of conditions) {
            take(predicate);
            if (hotdrop) take(hotdrop);
          }
  return words;
}
