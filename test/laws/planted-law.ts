/** The law that a comparison finds every change that the engine can show; and a ruleset equals itself. */
import { compareFirewalls, isEqual } from "../../src/analysis/diff/index.ts";
import { printNotation, type PacketSpec } from "../../src/packet/index.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { readIpsets, readSave } from "../../src/syntax/index.ts";
import { anyPrefix, PORTS } from "../kernel/generate/pools.ts";
import { seededRandom, type Random } from "../kernel/generate/random.ts";
import { SET_TEXT } from "../kernel/generate/sets.ts";
import { machineHost } from "../kernel/host.ts";
import type { Amount } from "./chain-law.ts";
import { mapRules, withChange } from "./random-filter.ts";
import { endOf, play, randomOpener, randomRuleset, START } from "./session-law.ts";

/** What came of it. */
export interface Planted {
  readonly pairs: number;
  /** Pairs that the engine tells apart by one of the sessions played. */
  readonly seen: number;
  /** Pairs that the comparison proves equal. */
  readonly equal: number;
  readonly disagreements: readonly string[];
}

/** Random rulesets, each beside itself after a small change or with a rule more. */
export function plantedLaw({ from, rulesets, packets }: Amount): Planted {
  const disagreements: string[] = [];
  let seen = 0;
  let equal = 0;
  for (let seed = from; seed < from + rulesets; seed++) {
    const random = seededRandom(seed);
    const family = random.oneIn(3) ? 6 : 4;
    const before = randomRuleset(random, family);
    const hook = random.pick(["INPUT", "FORWARD", "OUTPUT"] as const);
    const after = random.oneIn(3) ? withChange(random, before, hook) : withRule(random, before, hook);
    const host = machineHost(family, "silent", false);
    const { sets } = readIpsets(SET_TEXT, "sets", START);
    const firewall = (ruleset: Ruleset): Parameters<typeof compareFirewalls>[0] => ({
      ...(family === 4 ? { v4: ruleset } : { v6: ruleset }),
      host,
      sets,
    });
    const names = ["before", "after"] as const;
    const compare = (one: Ruleset, other: Ruleset): boolean | undefined => {
      try {
        return isEqual(compareFirewalls(firewall(one), firewall(other), { names, now: START }));
      } catch (fault) {
        disagreements.push(`seed ${seed}: ${String(fault)}`);
        return undefined;
      }
    };
    if (seed % 4 === 0 && compare(before, before) === false) disagreements.push(`seed ${seed}: it differs from itself`);
    const same = compare(before, after);
    if (same === true) equal++;
    const end = (ruleset: Ruleset, opener: PacketSpec): string => {
      const played = play(ruleset, host, sets, opener);
      return `${endOf(played)} ${played.complete ? "" : (played.steps[0]?.outcome.verdict ?? "")}`;
    };
    let shown: string | undefined;
    for (let left = packets; left > 0 && shown === undefined; left--) {
      const opener = randomOpener(random, family);
      const [one, other] = [end(before, opener), end(after, opener)];
      if (one !== other) shown = `${printNotation(opener)}: ${one} before, ${other} after`;
    }
    if (shown === undefined) continue;
    seen++;
    if (same === true) disagreements.push(`seed ${seed}: said to be equal, yet ${shown}`);
  }
  return { pairs: rulesets, seen, equal, disagreements };
}

/** The ruleset with one more rule at the start of a chain. */
export function withRule(random: Random, ruleset: Ruleset, hook: "INPUT" | "FORWARD" | "OUTPUT"): Ruleset {
  const test = random.pick([
    `-p tcp -m tcp --dport ${random.pick(PORTS)}:65535`,
    `-p udp -m udp --dport 0:${random.pick(PORTS)}`,
    `-s ${anyPrefix(random, ruleset.family)}`,
    `-m conntrack --ctstate NEW -d ${anyPrefix(random, ruleset.family)}`,
    "-m conntrack --ctstate ESTABLISHED",
  ]);
  const text = `*filter\n:${hook} ACCEPT [0:0]\n-A ${hook} ${test} -j ${random.pick(["ACCEPT", "DROP", "DROP", "REJECT"])}\nCOMMIT\n`;
  const rule = readSave(text, "planted", { family: ruleset.family }).ruleset?.tables.get("filter")?.chains.get(hook)?.rules[0];
  if (!rule) throw new Error(`refused: ${text}`);
  return mapRules(ruleset, (rules, chain, table) => (table === "filter" && chain.name === hook ? [rule, ...rules] : rules));
}
