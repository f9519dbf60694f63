import { NO, YES, type Diagram, type Diagrams } from "../../symbolic/index.ts";
import { pushRange, type Ranks } from "../policy/ranks.ts";

/** The ranks that members of a set have at one level. */
export function projection(diagrams: Diagrams, set: Diagram, level: number, last: number): Ranks {
  if (set === NO) return [];
  const found = new Uint8Array(last + 1);
  const seen = new Set<Diagram>();
  const waiting: Diagram[] = [set];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node === NO || seen.has(node)) continue;
    seen.add(node);
    const at = diagrams.levelOf(node);
    // A set that does not ask has them all, for a node that is not NO has members.
    if (node === YES || at > level) return [[0, last]];
    for (let edge = 0, low = 0, count = diagrams.edgeCount(node); edge < count; edge++) {
      const high = diagrams.upperOf(node, edge);
      const below = diagrams.belowOf(node, edge);
      if (at < level) waiting.push(below);
      else if (below !== NO) found.fill(1, low, high + 1);
      low = high + 1;
    }
  }
  const ranks: [number, number][] = [];
  for (let rank = 0; rank <= last; rank++) if (found[rank] === 1) pushRange(ranks, rank, rank);
  return ranks;
}
