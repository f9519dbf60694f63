import { nextOf, type AddressList, type ExplainedChain, type Knock, type RuleAt } from "../analysis/explain/index.ts";
import { ruleText } from "../ruleset/index.ts";
import { chainSentence, rateNotes, remarkOf, ruleSentence, ruleTraffic } from "./sentence/index.ts";
import type { Json } from "./trace-json.ts";

/** Rises when the shape changes so that readers break. */
export const EXPLAIN_JSON_VERSION = 1;

/** A chain with its sentence and those of its rules; `only` is the number of the one rule that is wanted. */
export function chainJson(explained: ExplainedChain, only?: number): Json {
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
      if (only !== undefined && number !== only) return [];
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

const place = ({ table, chain, number }: RuleAt): Json => ({ table, chain, number });

/** Lists of addresses and the sequences of packets that open something. */
export function listsJson(lists: readonly AddressList[], sequences: readonly Knock[]): Json {
  return {
    lists: lists.map(({ name, uses }) => ({ name, uses: uses.map(use => ({ ...(place(use) as object), mode: use.asks.mode })) })),
    sequences: sequences.map(({ opens, steps, strict }) => ({ opens: place(opens), steps: steps.map(place), strict: [...strict] })),
  };
}
