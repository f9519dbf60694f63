import { NO, type Diagram, type Diagrams } from "../../symbolic/index.ts";

/** Diagrams have numbers between -2^24 and 2^26. */
const OFFSET = 2 ** 24;
const SPAN = 2 ** 27;

/**
 * Two functions side by side: NO where they are the same, else what `meet` says of the two leaves. Parts that both share are not entered, so that
 * it costs what differs.
 */
export function paired(diagrams: Diagrams, f: Diagram, g: Diagram, meet: (f: Diagram, g: Diagram) => Diagram): Diagram {
  const memo = new Map<number, Diagram>();
  const visit = (a: Diagram, b: Diagram): Diagram => {
    if (a === b) return NO;
    if (a < 0 && b < 0) return meet(a, b);
    const key = (a + OFFSET) * SPAN + (b + OFFSET);
    const known = memo.get(key);
    if (known !== undefined) return known;
    const level = Math.min(diagrams.levelOf(a), diagrams.levelOf(b));
    const [atA, atB] = [diagrams.levelOf(a) === level, diagrams.levelOf(b) === level];
    const edges: [number, Diagram][] = [];
    const [countA, countB] = [atA ? diagrams.edgeCount(a) : 0, atB ? diagrams.edgeCount(b) : 0];
    for (let i = 0, j = 0; i < countA || j < countB;) {
      const upperA = i < countA ? diagrams.upperOf(a, i) : Number.POSITIVE_INFINITY;
      const upperB = j < countB ? diagrams.upperOf(b, j) : Number.POSITIVE_INFINITY;
      edges.push([Math.min(upperA, upperB), visit(atA ? diagrams.belowOf(a, i) : a, atB ? diagrams.belowOf(b, j) : b)]);
      if (upperA <= upperB) i++;
      if (upperB <= upperA) j++;
    }
    const result = diagrams.node(level, edges);
    memo.set(key, result);
    return result;
  };
  return visit(f, g);
}
