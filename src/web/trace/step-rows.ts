import type { TraceStep } from "../state/traced.ts";

/** A row of the list of steps: the title of a group, a step, or rules that were passed over. Indices are those of the trace's steps. */
export type StepRow =
  | {
      readonly is: "group";
      readonly key: string;
      readonly title: string;
      readonly about: string;
      readonly open: boolean;
      /** Its steps: from `first`, before `end`. */
      readonly first: number;
      readonly end: number;
    }
  | { readonly is: "step"; readonly index: number }
  | { readonly is: "misses"; readonly first: number; readonly count: number };

/** How the list is looked at. */
export interface StepView {
  /** Groups that somebody opened or closed, against what they are by themselves. */
  readonly turned: ReadonlySet<string>;
  /** Rules that did not match are one row for each run of them, and tables in which nothing happened are closed. */
  readonly skip: boolean;
}

/** The steps from `first`, before `end`, as rows: one group for each stay in a table, and for what happens between tables. Linear. */
export function stepRows(steps: readonly TraceStep[], first: number, end: number, { turned, skip }: StepView): readonly StepRow[] {
  const rows: StepRow[] = [];
  let groups = 0;
  for (let from = first; from < end;) {
    const title = groupTitle(steps[from] as TraceStep);
    let until = from + 1;
    while (until < end && groupTitle(steps[until] as TraceStep) === title) until++;
    const group = steps.slice(from, until);
    const key = `${group[0]?.packet}.${groups++}`;
    const open = (!skip || group.some(isInteresting)) !== turned.has(key);
    rows.push({ is: "group", key, title, about: aboutGroup(group), open, first: from, end: until });
    if (open) addSteps(rows, steps, from, until, skip);
    from = until;
  }
  return rows;
}

function addSteps(rows: StepRow[], steps: readonly TraceStep[], first: number, end: number, skip: boolean): void {
  for (let index = first; index < end; index++) {
    const { matched, verdict } = steps[index] as TraceStep;
    if (!skip || matched !== false || verdict === "drop") {
      rows.push({ is: "step", index });
      continue;
    }
    const last = rows.at(-1);
    if (last?.is === "misses") rows[rows.length - 1] = { ...last, count: last.count + 1 };
    else rows.push({ is: "misses", first: index, count: 1 });
  }
}

/** Everything but that rules did not match, that a hook or chain begins or ends, and that a policy accepts. */
const isInteresting = ({ event, matched, verdict, number }: TraceStep): boolean =>
  matched !== false && event !== "return" && event !== "hook" && !(number === 0 && verdict === "accept");

/** `INPUT · filter`, `INPUT`, `routing`; of an answer that the kernel makes, so that it is not taken for the packet. */
export function groupTitle({ hook, table, beside, event }: TraceStep): string {
  const place = hook === undefined ? (OUTSIDE.get(event) ?? "on the way") : table === undefined ? hook : `${hook} · ${table}`;
  return beside === undefined ? place : `${beside}: ${place}`;
}

/** What happens outside of all hooks. */
const OUTSIDE: ReadonlyMap<string, string> = new Map([
  ["packet", "the start"],
  ["route", "routing"],
  ["delivered", "the end"],
  ["emitted", "the end"],
  ["dropped", "the end"],
]);

/** What a group's policy said, which must be seen where there is little room, and how many rules it asked. */
function aboutGroup(group: readonly TraceStep[]): string {
  const rules = group.filter(({ matched }) => matched !== undefined).length;
  const matched = group.filter(each => each.matched).length;
  const policy = group.find(({ number }) => number === 0);
  return [
    policy === undefined ? "" : `policy ${policy.verdict === "drop" ? "DROP" : "ACCEPT"}`,
    rules === 0 ? "" : `${rules} ${rules === 1 ? "rule" : "rules"} asked, ${matched === 0 ? "none" : matched} matched`,
  ]
    .filter(part => part !== "")
    .join("; ");
}

/** The row that shows a step: its own, that of its run, or that of its closed group; -1 where there is none. */
export function rowOf(rows: readonly StepRow[], index: number): number {
  return rows.findLastIndex(row =>
    row.is === "step"
      ? row.index === index
      : row.is === "misses"
        ? row.first <= index && index < row.first + row.count
        : row.first <= index && index < row.end,
  );
}
