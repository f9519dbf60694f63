import type { Family } from "../predicate/index.ts";
import type { HostFault } from "./fault.ts";
import { FlagWords, type FlagWord } from "./flag-words.ts";
import { TABLE, type PolicyRule } from "./host.ts";
import { networkOf, readCount, readMark, readPrefix, readRealm, readTable, type Network } from "./network-text.ts";

/** Rules without a priority get this one, and each later one the number before the lowest. Kernel: fib_default_rule_pref. */
const FIRST_PRIORITY = 32765;

interface Draft {
  invert?: boolean;
  from?: Network | undefined;
  to?: Network | undefined;
  mark?: PolicyRule["mark"];
  iif?: string | undefined;
  oif?: string | undefined;
  tos?: number | undefined;
  priority?: number | undefined;
  action?: PolicyRule["action"];
  table?: number | undefined;
  goto?: number | undefined;
  suppressPrefixLength?: number | undefined;
  realm?: number | undefined;
}

/**
 * `--rule '[-4|-6] [not] [from N] [to N] [fwmark V[/M]] [iif I] [oif I] [tos T] [priority P] table T|blackhole|unreachable|prohibit|goto P'`, as `ip rule add` takes it.
 * One rule for the family of its addresses, or for each family when it names neither. None, with a fault, when it cannot be read.
 */
export function readRuleFlag(text: string, others: readonly PolicyRule[], faults: HostFault[]): readonly PolicyRule[] {
  const before = faults.length;
  const words = new FlagWords("--rule", text, " ", faults);
  const draft: Draft = {};
  let said: Family | undefined;
  for (let word = words.take(); word; word = words.take()) {
    if (word.text === "-4" || word.text === "-6") said = word.text === "-6" ? 6 : 4;
    else readWord(draft, word, words);
  }
  const addressed = draft.from?.prefixLength ? draft.from.family : draft.to?.prefixLength ? draft.to.family : undefined;
  if (draft.from?.prefixLength && draft.to?.prefixLength && draft.from.family !== draft.to.family)
    words.complain(words.whole, "addresses of both families in one rule");
  if (said !== undefined && addressed !== undefined && said !== addressed)
    words.complain(words.whole, `-${said} with an address of the other family`);
  if (faults.length > before) return [];
  const family = said ?? addressed;
  return (family === undefined ? ([4, 6] as const) : [family]).map(each => finished(draft, each, others));
}

function readWord(draft: Draft, word: FlagWord, words: FlagWords): void {
  const network = (): Network | undefined => words.value(word, "a network, or all", given => readPrefix(given, undefined));
  const number = (max: number): number | undefined => words.value(word, `a number up to ${max}`, given => readCount(given, max));
  switch (word.text) {
    case "add":
      return;
    case "not":
      draft.invert = true;
      return;
    case "from":
      draft.from = network();
      return;
    case "to":
      draft.to = network();
      return;
    case "fwmark": {
      const mark = words.value(word, "a mark: VALUE or VALUE/MASK", readMark);
      if (mark) draft.mark = mark;
      return;
    }
    case "iif":
    case "dev":
      draft.iif = words.value(word, "an interface", given => given);
      return;
    case "oif":
      draft.oif = words.value(word, "an interface", given => given);
      return;
    case "tos":
    case "dsfield":
      draft.tos = number(0xff);
      return;
    case "priority":
    case "preference":
    case "pref":
    case "order":
      draft.priority = number(0xffffffff);
      return;
    case "table":
    case "lookup":
      draft.action = "table";
      draft.table = words.value(word, "a routing table: local, main, default or a number", readTable);
      return;
    case "goto":
      draft.action = "goto";
      draft.goto = number(0xffffffff);
      return;
    case "blackhole":
    case "unreachable":
    case "prohibit":
    case "nop":
      draft.action = word.text;
      return;
    case "realms":
    case "realm":
      draft.realm = words.value(word, "realms: TO or FROM/TO", readRealm);
      return;
    case "suppress_prefixlength":
      draft.suppressPrefixLength = number(128);
      return;
    default:
      words.complain(
        word,
        `unknown word "${word.text}": expected not, from, to, fwmark, iif, oif, tos, priority, table, blackhole, unreachable, prohibit or goto`,
      );
  }
}

function finished(
  { from, to, priority, action = "table", table, ...rest }: Draft,
  family: Family,
  others: readonly PolicyRule[],
): PolicyRule {
  const taken = others
    .filter(rule => rule.family === family && rule.priority > 0 && rule.priority <= FIRST_PRIORITY)
    .map(rule => rule.priority);
  const bits = (network: Network | undefined): PolicyRule["from"] =>
    network && network.prefixLength > 0 ? { address: networkOf(network), prefixLength: network.prefixLength } : undefined;
  const [source, destination] = [bits(from), bits(to)];
  return {
    family,
    priority: priority ?? Math.max(0, Math.min(FIRST_PRIORITY + 1, ...taken) - 1),
    ...(source && { from: source }),
    ...(destination && { to: destination }),
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<PolicyRule>),
    action,
    ...(action === "table" && { table: table ?? TABLE.MAIN }),
  };
}
