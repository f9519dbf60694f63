import { NO, YES, type Diagram, type Diagrams } from "../../symbolic/index.ts";

/** Have two sets a member in common? Makes no nodes, and ends with the first one found. */
export function haveCommon(diagrams: Diagrams, a: Diagram, b: Diagram): boolean {
  const apart = new Map<Diagram, Set<Diagram>>();
  const visit = (f: Diagram, g: Diagram): boolean => {
    if (f === NO || g === NO) return false;
    if (f === YES || g === YES || f === g) return true;
    let known = apart.get(f);
    if (known?.has(g) === true) return false;
    if (overlap(f, g)) return true;
    if (known === undefined) apart.set(f, (known = new Set()));
    known.add(g);
    return false;
  };
  /** Goes through the ranks of the upper one of two nodes, or of both. */
  const overlap = (f: Diagram, g: Diagram): boolean => {
    const [upper, lower] = [diagrams.levelOf(f), diagrams.levelOf(g)];
    if (upper < lower) return anyBelow(diagrams, f, below => visit(below, g));
    if (lower < upper) return anyBelow(diagrams, g, below => visit(f, below));
    let [i, j] = [0, 0];
    const [most, others] = [diagrams.edgeCount(f), diagrams.edgeCount(g)];
    while (i < most && j < others) {
      if (visit(diagrams.belowOf(f, i), diagrams.belowOf(g, j))) return true;
      const [one, other] = [diagrams.upperOf(f, i), diagrams.upperOf(g, j)];
      if (one <= other) i++;
      if (other <= one) j++;
    }
    return false;
  };
  return visit(a, b);
}

function anyBelow(diagrams: Diagrams, node: Diagram, holds: (below: Diagram) => boolean): boolean {
  for (let edge = 0, count = diagrams.edgeCount(node); edge < count; edge++) if (holds(diagrams.belowOf(node, edge))) return true;
  return false;
}
