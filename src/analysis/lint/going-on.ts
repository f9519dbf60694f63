import { NO, YES, type Diagram, type Reach } from "../../symbolic/index.ts";

/** Those of a set that a stretch of a chain lets go on behind it; as they are before it. */
export function goingOn({ space: { diagrams }, results }: Reach, stretch: Diagram, set: Diagram): Diagram {
  if (set === NO) return NO;
  return diagrams.and(
    set,
    diagrams.mapLeaves(stretch, leaf => (results.of(leaf).ending === "continue" ? YES : NO)),
  );
}
