import type { Chain, Rule } from "../../ruleset/index.ts";
import { calleesFirst } from "./chain-order.ts";
import type { ChainTraffic } from "./traffic.ts";

/** Rules tested for one packet that enters a built-in chain, in it and in the chains that it leads to. */
export interface Cost {
  readonly chain: string;
  /** On average over the traffic. */
  readonly expected: number;
  /** No packet meets more. Rules that exclude each other are told apart only where they jump. */
  readonly worst: number;
  /** Packets that the average stands on; 0 where it is assumed. */
  readonly packets: number;
}

/** The cost of each built-in chain of a table that has rules. */
export function costsOf(
  chains: ReadonlyMap<string, Chain>,
  traffic: ReadonlyMap<string, ChainTraffic>,
  exclusive: (a: Rule, b: Rule) => boolean,
): readonly Cost[] {
  const expected = new Map<string, number>();
  const worst = new Map<string, number>();
  for (const name of calleesFirst(chains)) {
    const chain = chains.get(name);
    if (!chain) continue;
    expected.set(
      name,
      expectedTests(chain, traffic.get(name), led => expected.get(led) ?? 0),
    );
    worst.set(
      name,
      worstTests(chain, led => worst.get(led) ?? 0, exclusive),
    );
  }
  const costs: Cost[] = [];
  for (const chain of chains.values()) {
    if (chain.hook === undefined || chain.rules.length === 0) continue;
    const { entered = 0, counted = false } = traffic.get(chain.name) ?? {};
    costs.push({
      chain: chain.name,
      expected: expected.get(chain.name) ?? 0,
      worst: worst.get(chain.name) ?? 0,
      packets: counted ? entered : 0,
    });
  }
  return costs;
}

function expectedTests({ rules }: Chain, traffic: ChainTraffic | undefined, of: (name: string) => number): number {
  if (!traffic || traffic.entered === 0) return 0;
  let reach = traffic.entered;
  let tests = 0;
  for (const [at, { target }] of rules.entries()) {
    tests += reach;
    const action = target?.action;
    if (action?.do === "jump" || action?.do === "goto") tests += (traffic.matched[at] ?? 0) * of(action.chain);
    reach = Math.max(0, reach - (traffic.absorbed[at] ?? 0));
  }
  return tests / traffic.entered;
}

/** Rules that jump and exclude each other in a row take a packet into one of their chains only. */
function worstTests({ rules }: Chain, of: (name: string) => number, exclusive: (a: Rule, b: Rule) => boolean): number {
  let most = 0;
  let sum = 0;
  let group: { readonly rule: Rule; readonly tests: number }[] = [];
  const close = (): void => {
    sum += Math.max(0, ...group.map(({ tests }) => tests));
    group = [];
  };
  for (const [at, rule] of rules.entries()) {
    const action = rule.target?.action;
    if (action?.do === "goto") most = Math.max(most, at + 1 + sum + Math.max(0, ...group.map(({ tests }) => tests)) + of(action.chain));
    if (action?.do !== "jump") continue;
    if (group.length >= MOST_COMPARED || !group.every(other => exclusive(other.rule, rule))) close();
    group.push({ rule, tests: of(action.chain) });
  }
  close();
  return Math.max(most, rules.length + sum);
}

/** Jumps of one group that the next is compared with. */
const MOST_COMPARED = 256;
