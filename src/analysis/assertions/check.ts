import type { Family } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { familyModel, type FamilyModel } from "../model.ts";
import { assumed, ORDINARY_PORTS, tooMuch } from "../query/ask.ts";
import { askedConstants } from "../query/asked-packets.ts";
import { namedSets } from "../query/named-sets.ts";
import type { Assertion, AssertionFault, AssertionFile, Claim } from "./assertion.ts";
import type { CheckedRules } from "./checked-rules.ts";
import { compared } from "./compared.ts";
import { contradictions, type Demand, type Models } from "./demand.ts";
import { demandOf } from "./demands.ts";
import { linted } from "./linted.ts";
import { because } from "./message.ts";
import type { AssertionResult, AssertionRun } from "./result.ts";

/** Names of the files whose rules assertions compare with. */
export const claimedFiles = ({ assertions }: AssertionFile): readonly string[] => [
  ...new Set(assertions.flatMap(({ claim }) => (claim.is === "equal to" ? [claim.file.text] : []))),
];

/** Proves or contradicts each assertion for all sessions and packets; `others` are the rules of `claimedFiles`. */
export function checkAssertions(
  { assertions }: AssertionFile,
  rules: CheckedRules,
  others: ReadonlyMap<string, CheckedRules>,
): Omit<AssertionRun, "file"> | { readonly faults: readonly AssertionFault[] } {
  const rulesets = rulesetsOf(rules, assertions);
  const surroundings = { ...rules, namedSets: namedSets(rules) };
  const demands = assertions.map(assertion => demandOf(assertion, { surroundings, rulesets }));
  const faults = demands.flatMap(demand => (demand && "faults" in demand ? demand.faults : []));
  if (faults.length > 0) return { faults };
  const asked = demands.map(demand => (demand === undefined || "faults" in demand ? undefined : ruledFamilies(demand, rulesets)));
  const models = lazyModels(asked, rules);
  const results = assertions.map((assertion, index) => resultOf(assertion, asked[index], models, rules, others));
  const families = [...new Set([...rulesets.keys(), ...models.made.keys()])];
  const unknown = [...models.made.values()].flatMap(({ space }) => [...space.surroundings.unknown]);
  return { results, assumptions: [...new Set([...assumed([{ family: 4 }, { family: 6 }], families, rules), ...unknown])] };
}

/** A demand about the families that have rules; where none of its own has, about all of them. */
function ruledFamilies(demand: Demand, rulesets: ReadonlyMap<Family, Ruleset>): Demand {
  const ruled = demand.asked.filter(({ family }) => rulesets.has(family));
  return ruled.length > 0 ? { ...demand, asked: ruled } : demand;
}

/** The rules of each family; where there are none, those that an assertion asks for accept everything. */
function rulesetsOf({ v4, v6 }: CheckedRules, assertions: readonly Assertion[]): ReadonlyMap<Family, Ruleset> {
  const found = new Map<Family, Ruleset>();
  for (const [family, ruleset] of [
    [4, v4],
    [6, v6],
  ] as const)
    if (ruleset !== undefined) found.set(family, ruleset);
    else if (assertions.some(each => each.family === family)) found.set(family, { family, tables: new Map() });
  return found;
}

/** Models that are made when they are first asked for, one for each family. */
interface LazyModels extends Models {
  readonly made: ReadonlyMap<Family, FamilyModel>;
}

function lazyModels(demands: readonly (Demand | undefined)[], rules: CheckedRules): LazyModels {
  const made = new Map<Family, FamilyModel>();
  return {
    made,
    get(family) {
      let model = made.get(family);
      if (model === undefined) {
        const asked = demands.flatMap(demand => demand?.asked.filter(each => each.family === family).map(({ of }) => of) ?? []);
        const questions = [...asked, ORDINARY_PORTS, ...askedConstants(family)];
        model = familyModel(family, [rules], { questions, ...(rules.budget !== undefined && { budget: rules.budget }) });
        made.set(family, model);
      }
      return model;
    },
  };
}

function resultOf(
  assertion: Assertion,
  demand: Demand | undefined,
  models: Models,
  rules: CheckedRules,
  others: ReadonlyMap<string, CheckedRules>,
): AssertionResult {
  const { name, at, claim } = assertion;
  const result: AssertionResult = {
    name,
    kind: claim.is,
    at,
    outcome: "holds",
    message: "",
    details: [],
    counterexamples: [],
    depends: [],
  };
  try {
    return { ...result, ...outcomeOf(claim, assertion, demand, models, rules, others) };
  } catch (fault) {
    return { ...result, outcome: "undecided", message: tooMuch(fault) };
  }
}

function outcomeOf(
  claim: Claim,
  assertion: Assertion,
  demand: Demand | undefined,
  models: Models,
  rules: CheckedRules,
  others: ReadonlyMap<string, CheckedRules>,
): Pick<AssertionResult, "outcome" | "message"> & Partial<AssertionResult> {
  if (claim.is === "equal to") return compared(claim.file.text, rules, others.get(claim.file.text), assertion);
  if (claim.is === "no finding") return linted(claim.codes, rules, assertion);
  if (demand === undefined) throw new RangeError(`no demand for ${claim.is}`);
  const contradiction = contradictions(demand, models, rules);
  const { parts, found, asked } = contradiction;
  const fails = found || (demand.some && !asked);
  const depends = [...new Set(parts.flatMap(({ certainty }) => (certainty.sure ? [] : certainty.depends)))];
  const open = fails && parts.length > 0 && parts.every(({ certainty }) => !certainty.sure);
  return {
    outcome: fails ? "fails" : "holds",
    message: because(claim, demand, contradiction, fails),
    counterexamples: parts,
    depends: open ? depends : [],
  };
}
