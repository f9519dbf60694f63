import fc from "fast-check";
import { expect, test } from "vitest";
import { Diagrams, NO, type Diagram } from "../../symbolic/index.ts";
import { paired } from "./pairs.ts";

const LEVELS = 3;
const LAST = 3;
const LEAVES: readonly Diagram[] = [-3, -4, -5];

/** A function of three levels with four ranks each, as its 64 values. */
const table = fc.array(fc.constantFrom(...LEAVES), { minLength: (LAST + 1) ** LEVELS, maxLength: (LAST + 1) ** LEVELS });

function diagramOf(diagrams: Diagrams, values: readonly Diagram[], level = 0): Diagram {
  const [only] = values;
  if (values.length === 1) return only as Diagram;
  const size = values.length / (LAST + 1);
  return diagrams.node(
    level,
    Array.from(
      { length: LAST + 1 },
      (_, rank) => [rank, diagramOf(diagrams, values.slice(rank * size, (rank + 1) * size), level + 1)] as const,
    ),
  );
}

function valueAt(diagrams: Diagrams, diagram: Diagram, point: number): Diagram {
  let node = diagram;
  while (node >= 0) node = diagrams.child(node, Math.floor(point / (LAST + 1) ** (LEVELS - 1 - diagrams.levelOf(node))) % (LAST + 1));
  return node;
}

test("a pair is NO where both functions agree, and what the two leaves mean where they do not", () => {
  fc.assert(
    fc.property(table, table, fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), (one, other, keep) => {
      // Most of the second function is the first one's, so that parts are shared.
      const second = other.map((leaf, index) => (keep[index] ? (one[index] as Diagram) : leaf));
      const diagrams = new Diagrams();
      const pair = paired(diagrams, diagramOf(diagrams, one), diagramOf(diagrams, second), (a, b) => -100 + 10 * a + b);
      for (const [point, a] of one.entries()) {
        const b = second[point] as Diagram;
        expect(valueAt(diagrams, pair, point)).toBe(a === b ? NO : -100 + 10 * a + b);
      }
    }),
  );
});
