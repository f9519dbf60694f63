// npm run laws -- [--seed N] [--pairs N] [--only NAME]: the laws of the analyses on random rulesets, at length. Seeds are printed; the same seed repeats a run.
import { parseArgs } from "node:util";
import { chainLaw } from "../test/laws/chain-law.ts";
import { optimizeLaw } from "../test/laws/optimize-law.ts";
import { plantedLaw } from "../test/laws/planted-law.ts";
import { sessionLaw } from "../test/laws/session-law.ts";
import { loadSolver } from "../test/laws/solver.ts";
import { witnessLaw } from "../test/laws/witness-law.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    /** Pairs of a chain and a packet; the other laws take their share of it. */
    pairs: { type: "string", default: "1000000" },
    only: { type: "string", default: "" },
  },
});
const seed = Number(values.seed);
const pairs = Number(values.pairs);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(pairs) || pairs <= 0) {
  console.error("usage: npm run laws -- [--seed N] [--pairs N] [--only chains|sessions|witnesses|planted|optimize]");
  process.exit(2);
}

/** Rulesets run at once, so that progress shows. */
const BATCH = 100;
let broken = 0;

const tell = (name: string, what: string, disagreements: readonly string[]): void => {
  broken += disagreements.length;
  console.log(`${name}: ${what}; ${disagreements.length === 0 ? "no disagreement" : `${disagreements.length} DISAGREEMENTS`}`);
  for (const disagreement of disagreements.slice(0, 20)) console.log(`  ${disagreement}`);
};
const wanted = (name: string): boolean => values.only === "" || values.only === name;
const many = (counts: ReadonlyMap<string, number>): string => [...counts].map(([name, count]) => `${name} ${count}`).join(", ");

console.log(`laws from seed ${seed}`);

if (wanted("chains")) {
  const ends = new Map<string, number>();
  const disagreements: string[] = [];
  let done = 0;
  for (let from = seed; done < pairs; from += BATCH) {
    const tried = chainLaw({ from, rulesets: BATCH, packets: 500 });
    done += tried.pairs;
    add(ends, tried.ends);
    disagreements.push(...tried.disagreements);
  }
  tell("chains rule by rule ⇔ as diagrams", `${done} pairs (${many(ends)})`, disagreements);
}

if (wanted("sessions")) {
  const ends = new Map<string, number>();
  const disagreements: string[] = [];
  let done = 0;
  let exact = 0;
  for (let from = seed; done < pairs / 10; from += BATCH) {
    const tried = sessionLaw({ from, rulesets: BATCH, packets: 50 });
    done += tried.pairs;
    exact += tried.exact;
    add(ends, tried.ends);
    disagreements.push(...tried.disagreements);
  }
  tell("sessions in the engine ⇔ in diagrams", `${done} pairs (${many(ends)}), ${exact} of them with one answer`, disagreements);
}

if (wanted("witnesses")) {
  const { confirmed, claims, failures } = witnessLaw({ from: seed, rulesets: Math.ceil(pairs / 2000) });
  tell("witnesses run in the engine", `${confirmed} confirmed (${many(claims)})`, failures);
}

if (wanted("planted")) {
  const { pairs: done, seen, equal, disagreements } = plantedLaw({ from: seed, rulesets: Math.ceil(pairs / 1000), packets: 50 });
  tell("planted changes", `${done} pairs, of which the engine tells ${seen} apart and the comparison proves ${equal} equal`, disagreements);
}

if (wanted("optimize")) {
  const solver = await loadSolver();
  if (typeof solver === "string") console.log(`optimised filters: skipped, because ${solver}`);
  else {
    const { rulesets, changed, disagreements } = await optimizeLaw(solver, seed, Math.ceil(pairs / 2000));
    solver.close();
    tell("optimised filters, by a SAT solver", `${changed} of ${rulesets} changed`, disagreements);
  }
}

process.exitCode = broken === 0 ? 0 : 1;

function add(to: Map<string, number>, from: ReadonlyMap<string, number>): void {
  for (const [name, count] of from) to.set(name, (to.get(name) ?? 0) + count);
}
