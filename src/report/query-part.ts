import type { AnswerPart } from "../analysis/query/answer.ts";
import type { Condition, RulePointer } from "../analysis/witness.ts";
import { HALF_WORDS } from "./policy-words.ts";
import { printable } from "./printable.ts";
import { accent, bad, dim, good, plain, type Line, type Span } from "./span.ts";
import { witnessText } from "./witness-text.ts";

/** How a part of an answer is shown: what it is about, its witness and the rules that decide, indented below. */
export function partLines(part: AnswerPart, detail: { readonly families: boolean }): readonly Line[] {
  const { fate, family, path, which, certainty, role, witness, confirmation, decidedBy } = part;
  const where = [...(detail.families ? [`IPv${family}`] : []), PATH_TEXT[path]].join(", ");
  const who = which.length > 0 ? which.map(printable).join(", ") : "all of them";
  const half = fate === "half-open" && role ? `: ${HALF_WORDS[role]}` : "";
  const lines: Line[] = [[fateSpan(fate), plain(`  ${who}`), dim(`  (${where})`), plain(half)]];
  if (!certainty.sure) lines.push([plain("  depends on "), accent(certainty.depends.map(printable).join("; "))]);
  if (witness) {
    const said = confirmation && (confirmation.confirmed ? "confirmed by the engine" : `not confirmed: ${printable(confirmation.reason)}`);
    lines.push([
      plain("  witness  "),
      accent(printable(witnessText(witness))),
      ...(said ? [confirmation.confirmed ? dim(`  ${said}`) : bad(`  ${said}`)] : []),
    ]);
    for (const { about, holds } of witness.depends)
      lines.push([dim(`           where ${holds ? "it holds" : "it does not hold"}: ${printable(about)}`)]);
  }
  for (const [index, rule] of decidedBy.entries()) lines.push([plain(index === 0 ? "  by       " : "  answer   "), ...ruleSpans(rule)]);
  return lines;
}

/** A rule with its place, for one line. */
export function ruleSpans({ table, chain, number, file, line, text }: RulePointer): readonly Span[] {
  const name = number === undefined ? "" : ` rule ${number}`;
  const place = line > 0 ? `  ${printable(file)}:${line}` : "";
  return [plain(`${table} ${printable(chain)}${name}`), dim(place), plain(`  ${printable(text)}`)];
}

/** The same as text. */
export const ruleText = (rule: RulePointer): string =>
  ruleSpans(rule)
    .map(({ text }) => text)
    .join("");

const fateSpan = (fate: AnswerPart["fate"]): Span => {
  const text = fate.padEnd(9);
  return fate === "usable" || fate === "accepted" ? good(text) : bad(text);
};

/** A condition of a witness in words. */
export const conditionText = ({ about, holds }: Condition): string => `${holds ? "" : "not "}${about}`;

const PATH_TEXT = { in: "to this machine", out: "from this machine", forward: "forwarded", local: "over loopback" } as const;
