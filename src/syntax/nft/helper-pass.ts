import type { Action, Field, Predicate } from "../../predicate/index.ts";
import type { Chain, Rule, Table } from "../../ruleset/index.ts";
import { Unsayable } from "./unsayable.ts";

/** Does any rule of the raw table give connections a helper? */
export function givesHelpers({ chains }: Table): boolean {
  for (const { rules } of chains.values())
    for (const { target } of rules) if (target?.action.do === "track" && target.action.helper !== undefined) return true;
  return false;
}

/**
 * The raw table once more, for a hook behind tracking, where nft can give a helper: the same ways through the same chains, but the only
 * thing that is done is that. The first rule about tracking that a packet meets ends it, as a packet takes no second template (xt_CT.c, xt_ct_target).
 * Throws Unsayable with the rule when its condition could be another one then.
 */
export function helperPass(table: Table, refuse: (rule: Rule, chain: Chain, reason: Unsayable) => void): Table {
  const chains = new Map([...table.chains].map(([name, chain]): [string, Chain] => [name, helperChain(chain, refuse)]));
  return { name: table.name, chains };
}

function helperChain(chain: Chain, refuse: (rule: Rule, chain: Chain, reason: Unsayable) => void): Chain {
  const rules = chain.rules.flatMap((rule): readonly Rule[] => {
    const { target } = rule;
    if (target?.action.do === "set" || rule.conditions.some(({ predicate }) => changes(predicate))) {
      refuse(
        rule,
        chain,
        new Unsayable("with helpers nft has to ask this rule a second time, behind tracking, where its answer may be another"),
      );
      return [];
    }
    const action = target && passing(target.action);
    return target && action ? [{ ...rule, target: { ...target, action } }] : [];
  });
  return { ...chain, policy: chain.policy && "ACCEPT", rules };
}

/** What is left of an action; nothing when it does not lead anywhere. */
function passing(action: Action): Action | undefined {
  switch (action.do) {
    case "accept":
    case "return":
    case "jump":
    case "goto":
    case "track":
      return action;
    case "drop":
    case "reject":
    case "queue":
      return { do: "accept" };
    default:
      return undefined;
  }
}

/** Could the answer be another behind tracking than before it? */
function changes(predicate: Predicate): boolean {
  switch (predicate.is) {
    case "in":
    case "bits":
    case "name":
    case "present":
      return isTracked(predicate.field);
    case "not":
      return changes(predicate.of);
    case "all":
    case "any":
      return predicate.of.some(part => changes(part));
    case "opaque":
      return predicate.opaque.depends !== "packet";
    case "member":
    case "constant":
      return false;
  }
}

const isTracked = (field: Field): boolean => field.startsWith("ct");
