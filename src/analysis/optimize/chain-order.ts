import type { Chain } from "../../ruleset/index.ts";

/** The names of chains, each behind those that its rules lead to; where chains lead to each other in a circle, one of them comes too early. */
export function calleesFirst(chains: ReadonlyMap<string, Chain>): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  for (const start of chains.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack = [{ name: start, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const action = chains.get(top.name)?.rules[top.next]?.target?.action;
      if (top.next >= (chains.get(top.name)?.rules.length ?? 0)) {
        order.push(top.name);
        stack.pop();
        continue;
      }
      top.next++;
      if (action?.do !== "jump" && action?.do !== "goto") continue;
      if (seen.has(action.chain) || !chains.has(action.chain)) continue;
      seen.add(action.chain);
      stack.push({ name: action.chain, next: 0 });
    }
  }
  return order;
}
