import type { Finding, Fix, FixEdit } from "../finding.ts";

/** A finding and the fix of it that was carried out. */
export interface Applied {
  readonly finding: Finding;
  readonly fix: Fix;
}

/** The edits of all fixes that do not get in each other's way, in the order of the findings: the first to touch a rule or a policy has it. */
export function chosenEdits(findings: readonly Finding[]): {
  readonly edits: readonly FixEdit[];
  readonly applied: readonly Applied[];
  readonly left: readonly Finding[];
} {
  const taken = new Set<string>();
  const inserted = new Set<string>();
  const edits: FixEdit[] = [];
  const applied: Applied[] = [];
  const left: Finding[] = [];
  for (const finding of findings) {
    const { fix, suppressed } = finding;
    if (fix === undefined || suppressed !== undefined || fix.edits.length === 0) continue;
    if (fix.edits.some(edit => edit.do !== "insert" && taken.has(placeOf(edit)))) {
      left.push(finding);
      continue;
    }
    applied.push({ finding, fix });
    for (const edit of fix.edits) {
      if (edit.do !== "insert") taken.add(placeOf(edit));
      else if (isMove(fix)) {
        edits.push(edit);
        continue;
      } else {
        // Two findings may ask for the same new rule.
        const key = `${edit.table} ${edit.chain} ${edit.rule}`;
        if (inserted.has(key)) continue;
        inserted.add(key);
      }
      edits.push(edit);
    }
  }
  return { edits, applied, left };
}

const placeOf = (edit: FixEdit): string => `${edit.table} ${edit.chain} ${edit.do === "policy" ? "policy" : edit.number}`;

const isMove = ({ edits }: Fix): boolean => edits.some(edit => edit.do === "delete");
