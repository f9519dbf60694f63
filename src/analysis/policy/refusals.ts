import { NO, type Diagram } from "../../symbolic/index.ts";
import type { RulePointer } from "../witness.ts";
import { witnessBetween } from "./witness-between.ts";
import type { Prover } from "./prover.ts";
import type { SessionSets } from "./session-sets.ts";

/** Ways to be refused that are told. */
const TOLD_MAX = 4;

/** How unwanted openers end, the most frequent end first: `dropped by the policy of filter INPUT`. */
export function refusalsOf(sets: SessionSets, prover: Prover): string[] {
  const { diagrams } = sets.boxes;
  const leaves = diagrams.leavesOf(sets.whole).filter(leaf => sets.sessions.endOf(leaf).end === "refused");
  const parts = leaves
    .map(leaf => ({
      leaf,
      set: sets.ending(end => end === sets.sessions.endOf(leaf)),
    }))
    .filter(({ set }) => set !== NO);
  const said = (parts.length < 2 ? parts : byShare(sets, parts)).slice(0, TOLD_MAX).map(part => refusal(sets, part, prover));
  return [...new Set(said)];
}

/** Sessions that end in one way. */
interface Part {
  readonly leaf: Diagram;
  readonly set: Diagram;
}

function byShare(sets: SessionSets, parts: readonly Part[]): Part[] {
  const shares = new Map(parts.map(part => [part, sets.boxes.share(part.set)]));
  return parts.toSorted((a, b) => (shares.get(b) ?? 0) - (shares.get(a) ?? 0));
}

function refusal(sets: SessionSets, { leaf, set }: Part, prover: Prover): string {
  const { ending, detail } = sets.sessions.endOf(leaf);
  const word = ending === "reject" ? `rejected${detail === "" ? "" : ` with ${detail}`}` : "dropped";
  for (const [index, kind] of sets.kinds.entries()) {
    const own = sets.ofKind(set, index);
    if (own === NO) continue;
    const witness = witnessBetween(sets.space, own, { path: sets.path, about: "session", claim: "refused", kind, prefer: UNUSUAL });
    if (witness === undefined) continue;
    const proof = prover.prove(witness);
    return proof?.confirmed === true && proof.decidedBy ? `${word} by ${placeOf(proof.decidedBy)}` : word;
  }
  return word;
}

/** A port that few rules speak of. */
const UNUSUAL = new Map([
  ["dport", [40_001]],
  ["sport", [50_000]],
] as const);

const placeOf = ({ table, chain, number, line }: RulePointer): string =>
  number === undefined ? `the policy of ${table} ${chain}` : `${table} ${chain} rule ${number}${line === 0 ? "" : ` (line ${line})`}`;
