import type { Diagram } from "./diagrams.ts";
import type { Ending, Results } from "./outcome.ts";

/** Ends that something outside decides. */
const OPEN_ENDS: ReadonlySet<Ending> = new Set(["queue", "unknown"]);

/** What goes to a program's queue, or to a target that nobody knows, depends on the program: a condition of its own. */
export function queuesOpen(results: Results, f: Diagram): Diagram {
  const { space } = results;
  const { diagrams } = space;
  const open = (leaf: Diagram): boolean => OPEN_ENDS.has(results.of(leaf).ending);
  if (!diagrams.leavesOf(f).some(open)) return f;
  return diagrams.bind(f, leaf => {
    const { ending, detail, transform } = results.of(leaf);
    if (!OPEN_ENDS.has(ending)) return leaf;
    const about = ending === "queue" ? `what the program of queue ${detail} decides` : `what the unknown target ${detail} does`;
    const level = space.conditionLevel(`${ending} ${detail}`, about);
    return diagrams.interval(level, 1, 1, 1, results.leaf("accept", transform), results.drop);
  });
}
