import type { QueryAnswer } from "../analysis/query/answer.ts";
import { printable } from "./printable.ts";
import { partLines } from "./query-part.ts";
import { accent, bad, dim, good, plain, strong, type Line } from "./span.ts";

/** An answer as lines: the verdict with a sentence, then what becomes of whom. */
export function queryLines(answer: QueryAnswer): readonly Line[] {
  const { question, verdict, because, parts, more, assumptions } = answer;
  const word = verdict === "yes" ? good("yes") : verdict === "no" ? bad("no") : accent("depends");
  const families = new Set(parts.map(({ family }) => family)).size > 1;
  const lines: Line[] = [[strong(printable(question))], [], [word, plain(`: ${printable(because)}`)]];
  for (const part of parts) lines.push([], ...partLines(part, { families }));
  if (more > 0) lines.push([], [dim(`… and ${more} more ${more === 1 ? "part" : "parts"} (--json shows all)`)]);
  if (assumptions.length > 0) lines.push([], [dim(`Assumed: ${printable(assumptions.join("; "))}.`)]);
  return lines;
}
