import type { Field } from "../../predicate/index.ts";
import type { Chain, Rule, Table } from "../../ruleset/index.ts";
import { bounds, fieldsAsked, opaquesAsked } from "./asked.ts";

/** What every way into a chain has asked before it gets there. */
export interface Way {
  readonly fields: ReadonlySet<Field>;
  /** Is there a rate or a count on every way? */
  readonly bounded: boolean;
}

const START: Way = { fields: new Set(), bounded: false };

/** For each chain that a built-in chain leads to: what is asked on every way into it. Chains on a circle count with the ways that are not part of it. */
export function waysInto({ chains }: Table): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>();
  for (const chain of callersFirst(chains)) {
    if (chain.hook !== undefined) ways.set(chain.name, START);
    const before = ways.get(chain.name);
    if (before === undefined) continue;
    for (const rule of chain.rules) {
      const to = ledTo(rule);
      if (to === undefined) continue;
      const known = ways.get(to);
      const next = after(before, rule);
      ways.set(to, known === undefined ? next : common(known, next));
    }
  }
  return ways;
}

/** What has been asked of a packet that matches the rule, when the chain was entered by a way. */
export function after({ fields, bounded }: Way, rule: Rule): Way {
  return { fields: new Set([...fields, ...fieldsAsked(rule)]), bounded: bounded || opaquesAsked(rule).some(bounds) };
}

const common = (a: Way, b: Way): Way => ({
  fields: new Set([...a.fields].filter(field => b.fields.has(field))),
  bounded: a.bounded && b.bounded,
});

/** The chain that a rule jumps or goes to. */
export function ledTo({ target }: Rule): string | undefined {
  const action = target?.action;
  return action?.do === "jump" || action?.do === "goto" ? action.chain : undefined;
}

/** The chains that built-in chains lead to, so that each comes after those that lead to it. */
export function callersFirst(chains: ReadonlyMap<string, Chain>): Chain[] {
  const done = new Set<string>();
  const order: Chain[] = [];
  for (const start of chains.values()) {
    if (start.hook === undefined) continue;
    const path: { readonly chain: Chain; next: number }[] = done.has(start.name) ? [] : [{ chain: start, next: 0 }];
    done.add(start.name);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const rule = top.chain.rules[top.next++];
      if (rule === undefined) {
        order.push(top.chain);
        path.pop();
        continue;
      }
      const to = ledTo(rule);
      const next = to === undefined ? undefined : chains.get(to);
      if (next === undefined || done.has(next.name)) continue;
      done.add(next.name);
      path.push({ chain: next, next: 0 });
    }
  }
  return order.toReversed();
}
