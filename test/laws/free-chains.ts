/** Chains as diagrams of packets of which nothing is given but their family. */
import type { Field, Predicate, Value } from "../../src/predicate/index.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { HookDiagrams, Lowering, Results, surveyed, type Diagram, type Level, type Space } from "../../src/symbolic/index.ts";

/** Diagrams of the filter's chains, over one space for all rulesets; leaves are results. */
export interface FreeChains {
  readonly space: Space;
  readonly results: Results;
  set(predicate: Predicate): Diagram;
  readonly chains: readonly ((hook: "INPUT" | "FORWARD" | "OUTPUT") => Diagram)[];
}

/** Rulesets of one family; `questions` may be asked as sets. */
export function freeChains(rulesets: readonly Ruleset[], questions: readonly Predicate[] = []): FreeChains {
  const family = rulesets[0]?.family ?? 4;
  const space = surveyed({ family, rulesets, questions });
  const results = new Results(space);
  const view = { mirrored: false, instance: 0, fixed: new Map<Field, Value>([["family", family]]) };
  const hooks = rulesets.map(ruleset => new HookDiagrams(ruleset, results, view));
  const lowering = new Lowering(space, view);
  return { space, results, set: predicate => lowering.set(predicate), chains: hooks.map(each => hook => each.stage(hook, "filter")) };
}

/** A test of bits that ranks cannot tell, which says what it asks: `saddr & 0xff = 0x9`. */
export const isBitTest = (level: Level | undefined): boolean => level?.is === "condition" && level.about.includes(" & 0x");
