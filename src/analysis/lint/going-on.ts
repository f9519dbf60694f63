import { NO, YES, type Diagram, type Reach } from "../../symbolic/index.ts";

/** Those of a set that a stretch of a chain lets go on behind it; as they are before it. A small set costs little, however large the stretch is. */
export function goingOn({ space: { diagrams }, results }: Reach, stretch: Diagram, set: Diagram): Diagram {
  if (set === NO) return NO;
  const ends = diagrams.replace(set, YES, stretch);
  return diagrams.mapLeaves(ends, leaf => (leaf !== NO && results.of(leaf).ending === "continue" ? YES : NO));
}
