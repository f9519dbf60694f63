import { NO, YES, type Diagram, type Space } from "../../symbolic/index.ts";
import type { Field } from "../../predicate/index.ts";
import { pushRange, type Ranks } from "./ranks.ts";

/** Ranks of a field that some member of a set has. Linear in the diagram and in the field's ranks. */
export function occurringRanks(space: Space, field: Field, set: Diagram): Ranks {
  const { diagrams } = space;
  const level = space.fieldLevel(field);
  const { size } = space.domainOf(field);
  const seen = new Set<Diagram>([NO]);
  // How many nodes more than before have a rank: a range costs two steps, however long it is.
  const more = new Int32Array(size + 1);
  const have = (low: number, high: number): void => {
    more[low] = (more[low] as number) + 1;
    more[high + 1] = (more[high + 1] as number) - 1;
  };
  const visit = (node: Diagram): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node === YES || diagrams.levelOf(node) > level) return have(0, size - 1);
    for (let edge = 0, low = 0, count = diagrams.edgeCount(node); edge < count; edge++) {
      const below = diagrams.belowOf(node, edge);
      const high = diagrams.upperOf(node, edge);
      if (diagrams.levelOf(node) < level) visit(below);
      else if (below !== NO) have(low, high);
      low = high + 1;
    }
  };
  visit(set);
  const ranks: [number, number][] = [];
  for (let rank = 0, count = 0; rank < size; rank++) if ((count += more[rank] as number) > 0) pushRange(ranks, rank, rank);
  return ranks;
}
