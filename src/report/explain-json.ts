import {
  nextOf,
  placeKey,
  type AddressList,
  type ExplainedChain,
  type Knock,
  type Lives,
  type RuleAt,
  type RuleDetail,
} from "../analysis/explain/index.ts";
import type { Family } from "../predicate/index.ts";
import { ruleText, type Rule } from "../ruleset/index.ts";
import { detailNotes } from "./explain-detail.ts";
import { servedJson } from "./explain-served.ts";
import { chainSentence, rateNotes, remarkOf, ruleSentence, ruleTraffic } from "./sentence/index.ts";
import type { Json } from "./trace-json.ts";

/** Rises when the shape changes so that readers break. */
export const EXPLAIN_JSON_VERSION = 1;

/** One rule at length. */
interface OneRule {
  /** From 1. */
  readonly number: number;
  /** Undefined where it was not asked for. */
  readonly detail: RuleDetail | undefined;
}

/** A chain with its sentence and those of its rules, or of the one rule that is wanted. */
export function chainJson(explained: ExplainedChain, lives?: Lives, only?: OneRule): Json {
  const { family, table, chain, chains, callers } = explained;
  const standing = { family, table, hook: chain.hook, policy: chain.policy };
  return {
    family,
    table,
    chain: chain.name,
    policy: chain.policy ?? null,
    sentence: chainSentence(explained),
    calledBy: callers.map(({ chain: name, number, goto }) => ({ chain: name, number, goto })),
    reachable: explained.reachable,
    decides: explained.decides,
    rules: chain.rules.flatMap((rule, index) => {
      const number = index + 1;
      if (only !== undefined && number !== only.number) return [];
      const findings = only?.detail?.findings ?? lives?.findings.get(placeKey(table, chain.name, number));
      const next = nextOf(chain, number);
      const traffic = ruleTraffic(rule, standing);
      return [
        {
          number,
          file: rule.at.file,
          line: rule.at.line,
          text: ruleText(rule),
          sentence: ruleSentence(rule, standing, next, chains),
          matches: traffic.text,
          conditions: traffic.circumstances.map(({ text }) => text),
          comment: remarkOf(rule) ?? null,
          notes: [...rateNotes(rule, traffic)],
          ...(findings && { findings: findings.map(({ code, message }) => ({ code, message })) }),
          ...(only?.detail && detailJson(explained, rule, only.detail)),
          otherwise:
            next.to === "rule"
              ? { to: "rule", number: next.number }
              : next.to === "policy"
                ? { to: "policy", policy: next.policy }
                : { to: "caller" },
        },
      ];
    }),
  };
}

function detailJson(explained: ExplainedChain, rule: Rule, detail: RuleDetail): { readonly [key: string]: Json } {
  const { alive, shown, served } = detail;
  return {
    around: [...detailNotes(explained, rule, detail)],
    served: servedJson(served),
    takenBefore: alive ? [...alive.takers] : null,
    witness: shown
      ? { packet: shown.packet, path: shown.path, depends: shown.depends.map(({ about, holds }) => ({ about, holds })) }
      : null,
  };
}

const place = ({ table, chain, number }: RuleAt): Json => ({ table, chain, number });

/** Lists of addresses and the sequences of packets that open something. */
export function listsJson(family: Family, lists: readonly AddressList[], sequences: readonly Knock[]): Json {
  return {
    family,
    lists: lists.map(({ name, uses }) => ({ name, uses: uses.map(use => ({ ...(place(use) as object), mode: use.asks.mode })) })),
    sequences: sequences.map(({ opens, steps, strict }) => ({ opens: place(opens), steps: steps.map(place), strict: [...strict] })),
  };
}
