import { compareFirewalls, isEqual, type DiffRow } from "../diff/index.ts";
import type { Firewall } from "../model.ts";
import { serviceNames } from "../names/index.ts";
import type { AnswerPart, Fate } from "../query/answer.ts";
import type { Assertion } from "./assertion.ts";
import type { AssertionResult } from "./result.ts";

/** Differences that are told. */
const SHOWN_MAX = 5;

/** Do two firewalls allow the same? */
export function compared(
  name: string,
  rules: Firewall,
  other: Firewall | undefined,
  { paths, family }: Pick<Assertion, "paths" | "family">,
): Pick<AssertionResult, "outcome" | "message"> & Partial<AssertionResult> {
  if (other === undefined) throw new RangeError(`the rules of ${name} were not given`);
  // A file of one family says nothing about the other.
  const pick = ({ v4, v6, host, sets }: Firewall): Firewall => ({
    v4: family === 6 || other.v4 === undefined ? undefined : v4,
    v6: family === 4 || other.v6 === undefined ? undefined : v6,
    host: host ?? rules.host,
    sets: sets ?? rules.sets,
  });
  const report = compareFirewalls(pick(other), pick(rules), { names: [name, "these rules"], limit: SHOWN_MAX });
  const rows = report.rows.filter(({ path }) => paths === undefined || paths.includes(path));
  const undone = report.undone.filter(({ path }) => paths === undefined || paths.includes(path));
  if (isEqual(report) || (rows.length === 0 && undone.length === 0 && (paths !== undefined || report.left === 0)))
    return { outcome: "holds", message: `proven to allow the same as ${name}` };
  const [first] = undone;
  if (rows.length === 0 && first) return { outcome: "undecided", message: first.reason };
  const shown = rows.slice(0, SHOWN_MAX);
  const more = rows.length - shown.length + report.left;
  return {
    outcome: "fails",
    message: `does not allow the same as ${name}`,
    details: [...shown.map(rowText), ...(more > 0 ? [`and ${more} more differences`] : [])],
    counterexamples: shown.flatMap(partOf),
  };
}

const CHANGED = { opens: "opens", closes: "closes", changes: "changes" } as const;

/** `opens ssh (tcp 22) from anywhere to anywhere: dropped, now usable` */
function rowText({ change, services, from, to, before, after }: DiffRow): string {
  return `${CHANGED[change]} ${serviceNames(services).join(", ")} from ${from} to ${to}: ${before.text}, here ${after.text}`;
}

/** The side of these rules, as far as the engine has a packet to show. */
function partOf({ family, path, services, from, to, certainty, after }: DiffRow): readonly AnswerPart[] {
  const { witness, confirmation, by } = after;
  if (witness === undefined) return [];
  const fate: Fate = witness.claim === "refused" ? "dropped" : witness.claim;
  const which = [serviceNames(services).join(", "), `from ${from}`, `to ${to}`];
  return [{ fate, family, path, which, certainty, role: witness.role, witness, confirmation, decidedBy: by ? [by] : [] }];
}
