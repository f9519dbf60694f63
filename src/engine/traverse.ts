import { isVerdict } from "../predicate/index.ts";
import { testWithBlame } from "./blame.ts";
import { RULE, type CompiledChain, type CompiledRule, type CompiledTable } from "./compile.ts";
import type { Journey } from "./journey.ts";
import type { Packet } from "./packet.ts";
import type { RulePlace } from "./trace-events.ts";
import { VERDICT, type Verdict } from "./verdict.ts";

/** Carries out what a matching rule asks for; CONTINUE lets the packet go on to the next rule. */
export type Execute = (rule: CompiledRule, table: CompiledTable, packet: Packet, journey: Journey) => Verdict;

interface Frame {
  readonly chain: CompiledChain;
  readonly next: number;
}

/**
 * Asks the rules of one built-in chain. Kernel: ip_tables.c, ipt_do_table; ip6_tables.c, ip6t_do_table.
 *
 * A rule's counters grow by the packet's length when all its tests hold, whatever its target. RETURN and the end of a user chain lead
 * back behind the last jump, gotos not counted; in the built-in chain both lead to its policy.
 */
export function traverse(table: CompiledTable, base: CompiledChain, packet: Packet, journey: Journey, execute: Execute): Verdict {
  const verdict = walk(table, base, packet, journey, execute);
  if (table.name === "filter") journey.filterDecision = journey.decision;
  return verdict;
}

function walk(table: CompiledTable, base: CompiledChain, packet: Packet, journey: Journey, execute: Execute): Verdict {
  const { events } = journey;
  const stack: Frame[] = [];
  let chain = base;
  let at = 0;
  let gotos = 0;
  let ahead = 0;
  for (;;) {
    const { rules, quick } = chain.ready;
    if (events === undefined && quick !== undefined) at = quick.next(at, packet);
    const entry = rules[at];
    if (entry === undefined) {
      const back = stack.pop();
      gotos = 0;
      if (back === undefined) {
        if (chain !== base) events?.push({ event: "return", chain: chain.name, to: undefined, implicit: true });
        return policy(table, base, packet, journey);
      }
      events?.push({ event: "return", chain: chain.name, to: back.chain.name, implicit: true });
      chain = back.chain;
      at = back.next;
      continue;
    }
    const result = events === undefined ? entry.test(packet, journey.moment) : tracedTest(table, entry, packet, journey);
    if (result !== RULE.YES) {
      if (result === RULE.NO) {
        at++;
        continue;
      }
      journey.decision = { ...placeOf(table, entry), rule: entry.rule };
      journey.reason = "the rule cannot be applied to a packet like this and drops it (hotdrop)";
      return VERDICT.DROP;
    }
    count(table, entry.slot, packet);
    const { action } = entry;
    switch (action.do) {
      case "jump":
      case "goto":
        if (action.do === "jump") {
          if (stack.length > table.chains.size) return loop(journey);
          stack.push({ chain, next: at + 1 });
          gotos = 0;
        } else if (++gotos > table.chains.size) return loop(journey);
        events?.push({ event: "jump", place: placeOf(table, entry), chain: action.chain, goto: action.do === "goto" });
        chain = entry.target as CompiledChain;
        at = 0;
        ahead += chain.source.rules.length + 1;
        if (ahead > MOST_AHEAD) return endless(journey);
        continue;
      case "return": {
        const back = stack.pop();
        gotos = 0;
        events?.push({ event: "return", chain: chain.name, to: back?.chain.name, implicit: false });
        if (back === undefined) return policy(table, base, packet, journey);
        chain = back.chain;
        at = back.next;
        continue;
      }
      default: {
        const verdict = execute(entry, table, packet, journey);
        if (verdict === VERDICT.CONTINUE) {
          at++;
          continue;
        }
        journey.decision = { ...placeOf(table, entry), rule: entry.rule };
        if (events !== undefined) {
          const said = verdict === VERDICT.DROP && action.do !== "reject" ? "drop" : isVerdict(action) ? (action.do as "accept") : "drop";
          events.push({ event: "verdict", place: placeOf(table, entry), verdict: said });
        }
        return verdict;
      }
    }
  }
}

function policy(table: CompiledTable, base: CompiledChain, packet: Packet, journey: Journey): Verdict {
  count(table, base.slot, packet);
  const verdict = base.policy ?? "ACCEPT";
  const place: RulePlace = { family: table.family, table: table.name, chain: base.name, number: 0 };
  journey.decision = { ...place, rule: undefined };
  journey.events?.push({ event: "policy", place, verdict });
  return verdict === "ACCEPT" ? VERDICT.ACCEPT : VERDICT.DROP;
}

function tracedTest(table: CompiledTable, entry: CompiledRule, packet: Packet, journey: Journey): number {
  const result = testWithBlame(entry.rule, packet, journey.moment, entry.store);
  journey.events?.push({ event: "rule", place: placeOf(table, entry), rule: entry.rule, result });
  return result.matched ? RULE.YES : result.hotdrop ? RULE.HOTDROP : RULE.NO;
}

/** Only rules that no kernel would have loaded get here. */
function loop(journey: Journey): Verdict {
  journey.reason = "the chains call each other in a circle";
  return VERDICT.DROP;
}

/**
 * Rules that the chains jumped to may hold, one jump's after the other, for one packet at one hook. Chains that each lead to the next one twice
 * are walked a number of times that doubles with each chain: the kernel, which has no limit, would never come back (ipt_do_table).
 */
const MOST_AHEAD = 1 << 21;

function endless(journey: Journey): Verdict {
  journey.reason = `the chains lead this packet to more than ${MOST_AHEAD} rules: Ferrule gives up, and the kernel would hang`;
  return VERDICT.DROP;
}

function count(table: CompiledTable, slot: number, packet: Packet): void {
  table.packets[slot] = (table.packets[slot] as number) + 1;
  table.bytes[slot] = (table.bytes[slot] as number) + packet.bytes.length;
}

/** Where a compiled rule stands. */
export function placeOf(table: CompiledTable, entry: CompiledRule): RulePlace {
  return { family: table.family, table: table.name, chain: entry.chain.name, number: entry.number };
}
