import type { Field, Range } from "../../predicate/index.ts";
import type { Box } from "./box.ts";
import type { MemberLiteral } from "./literal.ts";
import { bitsClash, clashes, namesClash } from "./clash.ts";
import { isCutConnection } from "./cut-packets.ts";

/** Is it sure that no packet is in both boxes? Fields in `except` are not asked, because something changes them in between. */
export function disjoint(a: Box, b: Box, except: ReadonlySet<Field | "member">): boolean {
  const [few, many] = a.spans.size <= b.spans.size ? [a.spans, b.spans] : [b.spans, a.spans];
  for (const [field, span] of few) {
    const other = many.get(field);
    if (other && !except.has(field) && !(span.absent && other.absent) && apart(span.ranges, other.ranges)) return true;
  }
  const asked = ({ field }: { readonly field: Field }): boolean => !except.has(field);
  return (
    clashes(a.names, b.names, (x, y) => asked(x) && namesClash(x, y)) ||
    clashes(a.bits, b.bits, (x, y) => asked(x) && bitsClash(x, y)) ||
    (!except.has("member") && clashes(a.members, b.members, membersClash)) ||
    (!except.has("ctstate") && (isCutConnection(a, b) || isCutConnection(b, a)))
  );
}

/** Do the ranges have nothing in common? Those of a box are few, or sorted. */
function apart(a: readonly Range[], b: readonly Range[]): boolean {
  for (const [low, high] of a) for (const [from, to] of b) if (low <= to && from <= high) return false;
  return true;
}

function membersClash(a: MemberLiteral, b: MemberLiteral): boolean {
  if (a.negated === b.negated || a.test.set !== b.test.set) return false;
  return JSON.stringify(a.test, plain) === JSON.stringify(b.test, plain);
}

const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}` : value);
