/** Compares what two referees said of one case. */
import { comparableLines, type Case, type Record } from "./case.ts";
import type { Outcome } from "./referee.ts";

/** One disagreement. `kernel` and `engine` are lines; a step's index where it is about one. */
export interface Difference {
  readonly about: "load" | "outcome" | "counter" | "connection";
  readonly step: number | undefined;
  readonly what: string;
  readonly kernel: readonly string[];
  readonly engine: readonly string[];
}

/** All disagreements, the earliest step's first; outcomes stop at the first one, since later ones follow from it. */
export function differences(one: Case, kernel: Record, engine: Record): Difference[] {
  if (kernel.refused !== undefined && engine.refused !== undefined) return [];
  if (kernel.refused !== engine.refused) {
    return [
      { about: "load", step: undefined, what: "rules refused", kernel: [kernel.refused ?? "loaded"], engine: [engine.refused ?? "loaded"] },
    ];
  }
  const first = firstOutcome(one, kernel, engine);
  // What follows from a difference in the middle says nothing.
  if (first[0]?.step !== undefined && first[0].step < one.steps.length - 1) return first;
  return [...first, ...counters(one, kernel, engine), ...connections(kernel, engine)];
}

const SILENCE: Outcome = { delivered: [], emitted: [], logged: [], error: "nothing said" };

function firstOutcome(one: Case, kernel: Record, engine: Record): Difference[] {
  for (const [index, step] of one.steps.entries()) {
    const left = kernel.outcomes[index] ?? SILENCE;
    const right = engine.outcomes[index] ?? SILENCE;
    const [kernelLines, engineLines] = comparableLines(step, left, right);
    if (kernelLines.join("\n") !== engineLines.join("\n")) {
      return [{ about: "outcome", step: index, what: `step ${index + 1}: ${step.note}`, kernel: kernelLines, engine: engineLines }];
    }
  }
  return [];
}

/** Only what the rules' own text names: the kernel keeps tables once it has had them. */
function counters(one: Case, kernel: Record, engine: Record): Difference[] {
  const found: Difference[] = [];
  const names = new Set(one.tables.map(table => table.name as string));
  for (const [key, expected] of kernel.counters) {
    if (!names.has(key.split("/")[0] ?? "")) continue;
    const actual = engine.counters.get(key) ?? [0, 0];
    if (expected[0] !== actual[0] || expected[1] !== actual[1]) {
      found.push({
        about: "counter",
        step: undefined,
        what: key,
        kernel: [expected.join(" packets, ")],
        engine: [actual.join(" packets, ")],
      });
    }
  }
  return found;
}

function connections(kernel: Record, engine: Record): Difference[] {
  const missing = minus(kernel.connections, engine.connections);
  const extra = minus(engine.connections, kernel.connections);
  if (missing.length === 0 && extra.length === 0) return [];
  return [
    { about: "connection", step: undefined, what: `${missing.length} missing, ${extra.length} too many`, kernel: missing, engine: extra },
  ];
}

/** What the first list has more of, duplicates counted. */
function minus(left: readonly string[], right: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of right) counts.set(line, (counts.get(line) ?? 0) + 1);
  return left.filter(line => {
    const count = counts.get(line) ?? 0;
    counts.set(line, count - 1);
    return count <= 0;
  });
}
