import { ruleText, type Ruleset, type Sets } from "../../ruleset/index.ts";
import { readIpsets } from "../../syntax/index.ts";
import type { RulePointer } from "../witness.ts";
import { deadRules, unreached, type Dead } from "./dead.ts";
import { saysAllProtocols, unfaithful } from "./faithful.ts";
import { optimized } from "./optimize.ts";
import type { Optimized } from "./optimized.ts";
import { proven, type Proof } from "./proof.ts";
import { setNames } from "./set-names.ts";
import { printMadeSets, type MadeSet } from "./set-maker.ts";

/** What somebody wants of the optimizer. */
export interface Wish {
  /** Ipsets that the rules ask. */
  readonly sets?: Sets | undefined;
  /** May new ipsets be made? */
  readonly makeSets: boolean;
  /** Runs of rules as long as this are split into chains; 0 for never. */
  readonly splitFrom: number;
  readonly removeDead: boolean;
  /** Is it enough that packets which are no fragments and whose headers are whole are treated alike? */
  readonly whole?: boolean;
  /** The same rules with other counters to go by. */
  readonly counted?: Ruleset | undefined;
  /** Most nodes of diagrams for the proof. */
  readonly budget?: number;
}

/** Rules that cost less and are proven to mean the same. */
export interface Safe {
  readonly result: Optimized;
  readonly proof: Extract<Proof, { equal: true }>;
  /** What was left undone, because with it the rules were not proven equal, and why. */
  readonly withheld: readonly string[];
  /** How many of the rules no packet reaches, where nobody wished them left out. */
  readonly dead: number;
}

/** What is tried, the most first. */
const TRIALS = [
  { split: true, merge: true, reorder: true, what: "" },
  { split: false, merge: true, reorder: true, what: "splitting into chains" },
  { split: false, merge: false, reorder: true, what: "merging" },
  { split: false, merge: false, reorder: false, what: "reordering" },
] as const;

/**
 * The same firewall with fewer tests, and the proof. Where all that could be done is not proven equal, less is done; where nothing is, a reason
 * stands in its place.
 */
export function safelyOptimized(ruleset: Ruleset, wish: Wish): Safe | { readonly reason: string } {
  const withheld: string[] = [];
  const scene = { whole: wish.whole ?? false, ...(wish.budget !== undefined && { budget: wish.budget }) };
  const { removable, kept } = wish.removeDead ? deadRules(ruleset, { sets: wish.sets, ...scene }) : NONE;
  let dead = removable;
  if (kept.length > 0)
    withheld.push(
      `removing rules that no whole packet reaches, but that drop packets with a cut header: ${kept.map(pointerText).join("; ")}`,
    );
  const taken = [...setNames(ruleset), ...[...(wish.sets?.list() ?? [])].map(({ name }) => name)];
  if (hasAllProtocols(ruleset))
    withheld.push(
      "printing `-p all`: ip6tables-save does not, and without it packets that have no readable protocol are not dropped there",
    );
  let reason = "";
  for (let trial = 0; trial < TRIALS.length;) {
    const { split, merge, reorder } = TRIALS[trial] as (typeof TRIALS)[number];
    const result = optimized(ruleset, {
      splitFrom: split ? wish.splitFrom : 0,
      whole: wish.whole ?? false,
      merge,
      reorder,
      counted: wish.counted,
      ...(wish.makeSets && merge && { setNames: taken }),
      ...(dead.length > 0 && { dead }),
    });
    const proof = proven(ruleset, result.ruleset, { sets: withSets(wish.sets, result.sets), ...scene });
    const wrong = unfaithful(result.ruleset);
    // Only what can be printed counts.
    if (wrong)
      return { reason: `iptables-save would not print this rule as it is: ${ruleText(wrong)} (${wrong.at.file}:${wrong.at.line})` };
    if (proof.equal) return { result, proof, withheld, dead: wish.removeDead ? 0 : unreached(result.ruleset, wish.sets).length };
    ({ reason } = proof);
    if (dead.length > 0) {
      dead = [];
      withheld.push(`removing dead rules: ${reason}`);
      continue;
    }
    trial++;
    const given = TRIALS[trial]?.what;
    if (given !== undefined) withheld.push(`${given}: ${reason}`);
  }
  return { reason };
}

function hasAllProtocols({ tables }: Ruleset): boolean {
  for (const { chains } of tables.values())
    for (const { rules } of chains.values()) if (rules.some(({ conditions }) => conditions.some(saysAllProtocols))) return true;
  return false;
}

const NONE: Dead = { removable: [], kept: [] };

const pointerText = ({ table, chain, number = 0 }: RulePointer): string => `${table} ${chain} ${number}`;

/** The sets that were there, and those that were made. */
function withSets(sets: Sets | undefined, made: readonly MadeSet[]): Sets | undefined {
  if (made.length === 0) return sets;
  return readIpsets(printMadeSets(made), "made sets", 0, sets?.copy()).sets;
}
