/** The meaning of one chain in the plainest words there are: rule by rule, on the fields of one packet. What laws compare everything else with. */
import {
  bareFacts,
  holds,
  type Family,
  type Field,
  type Moment,
  type Opaque,
  type SetTest,
  type StateStore,
  type Value,
} from "../../src/predicate/index.ts";
import type { Chain, Rule, Ruleset } from "../../src/ruleset/index.ts";
import type { TableName } from "../../src/xtables/index.ts";

/** The fields that a packet has. */
export type FieldValues = Partial<Readonly<Record<Field, Value>>>;

/** How conditions that fields do not decide are taken. */
export interface Whim {
  opaque(condition: Opaque): boolean;
  member(test: SetTest): boolean;
}

/** How a chain ended, and where. */
export interface Ending {
  readonly verdict: "accept" | "drop" | "reject" | "other";
  readonly chain: string;
  /** From 1; undefined for the policy. */
  readonly number: number | undefined;
}

const MOMENT: Moment = { now: 0, random: () => 0 };

/** Walks a built-in chain. Actions that change the packet are refused: this walk knows only filters. */
export function walkChain(ruleset: Ruleset, table: TableName, start: string, fields: FieldValues, whim: Whim): Ending {
  const chains = ruleset.tables.get(table)?.chains;
  const first = chains?.get(start);
  if (!chains || !first) throw new Error(`no chain ${table} ${start}`);
  const facts = bareFacts(ruleset.family, field => (field === "family" ? ruleset.family : fields[field]));
  const store: StateStore = { state: opaque => opaque, member: test => whim.member(test) };
  const believes = (rule: Rule): boolean | "hotdrop" => {
    for (const { predicate, hotdrop } of rule.conditions) {
      if (hotdrop && holds(forced(hotdrop, whim), facts, MOMENT, store)) return "hotdrop";
      if (!holds(forced(predicate, whim), facts, MOMENT, store)) return false;
    }
    return true;
  };
  const stack: { readonly chain: Chain; at: number }[] = [{ chain: first, at: 0 }];
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const rule = frame.chain.rules[frame.at++];
    if (rule === undefined) {
      stack.pop();
      continue;
    }
    const here = { chain: frame.chain.name, number: frame.at };
    const held = believes(rule);
    if (held === "hotdrop") return { verdict: "drop", ...here };
    const action = held ? rule.target?.action : undefined;
    switch (action?.do) {
      case undefined:
      case "continue":
      case "log":
      case "nflog":
      case "trace":
      case "checksum":
        break;
      case "accept":
        return { verdict: "accept", ...here };
      case "drop":
        return { verdict: "drop", ...here };
      case "reject":
        return { verdict: "reject", ...here };
      case "return":
        stack.pop();
        break;
      case "jump":
      case "goto": {
        const next = chains.get(action.chain);
        if (!next) throw new Error(`no chain ${action.chain}`);
        if (action.do === "goto") stack.pop();
        stack.push({ chain: next, at: 0 });
        break;
      }
      default:
        return { verdict: "other", ...here };
    }
  }
  return { verdict: first.policy === "DROP" ? "drop" : "accept", chain: start, number: undefined };
}

type Predicate = Rule["conditions"][number]["predicate"];

/** The predicate with its opaque conditions answered by whim. */
function forced(predicate: Predicate, whim: Whim): Predicate {
  switch (predicate.is) {
    case "opaque":
      return { is: "constant", value: whim.opaque(predicate.opaque) };
    case "not":
      return { is: "not", of: forced(predicate.of, whim) };
    case "all":
    case "any":
      return { is: predicate.is, of: predicate.of.map(part => forced(part, whim)) };
    default:
      return predicate;
  }
}

/** The first packet of a TCP connection as a filter's chain sees it, whole and unmarked. */
export function opener(family: Family, more: FieldValues): FieldValues {
  return {
    iif: "",
    oif: "",
    protocol: 6,
    fragoff: 0,
    morefrags: 0,
    length: family === 4 ? 40 : 60,
    l4length: 20,
    ttl: 64,
    tos: 0,
    tcpflags: 2,
    tcpoptions: 0n,
    mark: 0,
    priority: 0,
    ctstate: 1,
    ctdir: 0,
    ctstatus: 0,
    ctmark: 0,
    extheaders: 0,
    ...more,
  };
}
