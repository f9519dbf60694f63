import type { QueryAnswer } from "../analysis/query/answer.ts";
import { printable } from "./printable.ts";
import { partLines } from "./query-part.ts";
import { accent, bad, dim, good, plain, strong, type Line } from "./span.ts";

/** An answer as lines: the verdict with a sentence, then what becomes of whom. */
export function queryLines(answer: QueryAnswer): readonly Line[] {
  const { question, verdict, because, parts, complete, assumptions, lacksForwards } = answer;
  const word = verdict === "yes" ? good("yes") : verdict === "no" ? bad("no") : accent("depends");
  const families = new Set(parts.map(({ family }) => family)).size > 1;
  const lines: Line[] = [[strong(printable(question))], [], [word, plain(`: ${printable(because)}`)]];
  if (lacksForwards)
    lines.push([
      accent("but"),
      plain(
        ": ports that NAT leads on to other machines are not in this answer; say which addresses are the machine's (--host, --if), or ask `to any`",
      ),
    ]);
  for (const part of parts) lines.push([], ...partLines(part, { families }));
  if (!complete && parts.length > 0) lines.push([], [dim("There are more classes of them (--json shows more).")]);
  if (assumptions.length > 0) lines.push([], [dim(`Assumed: ${printable(assumptions.join("; "))}.`)]);
  return lines;
}
