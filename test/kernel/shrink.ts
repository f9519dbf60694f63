/** Makes a disagreement small: fewer packets, fewer rules, the same kind of disagreement. */
import { replayCase, idAt, type Case, type Record } from "./case.ts";
import { differences, type Difference } from "./compare.ts";
import { fixHeaderChecksum } from "./generate/bytes.ts";
import type { Referee } from "./referee.ts";

/** A case with what both referees said of it. */
export interface Disagreement {
  readonly one: Case;
  readonly found: readonly Difference[];
}

/** Both referees on one case. */
export interface Bench {
  readonly kernel: Referee;
  /** The engine may be told what the kernel said, to follow its dice. */
  engine(one: Case, kernel: Record): Record;
}

/** Runs a case through both. */
export function judge(bench: Bench, one: Case): readonly Difference[] {
  const kernel = replayCase(bench.kernel, one);
  return differences(one, kernel, bench.engine(one, kernel));
}

/** Greedily smaller, within a number of attempts. Returns the smallest case that still disagrees in the same way, or undefined when it no longer does. */
export function shrink(bench: Bench, start: Case, kind: Difference["about"], attempts: number): Disagreement | undefined {
  let left = attempts;
  let run = 0;
  const attempt = (one: Case): Disagreement | undefined => {
    left--;
    const fresh = renumbered(one, ++run);
    const found = judge(bench, fresh).filter(difference => difference.about === kind);
    return found.length === 0 ? undefined : { one: fresh, found };
  };
  let best = attempt(start);
  if (best === undefined) return undefined;
  best = shortestPrefix(best, attempt) ?? best;
  best = dropChunks(
    best,
    current => current.steps.length,
    withoutSteps,
    attempt,
    () => left > attempts / 2,
  );
  best = dropChunks(
    best,
    current => ruleCount(current),
    withoutRules,
    attempt,
    () => left > 0,
  );
  return dropChunks(
    best,
    current => current.steps.length,
    withoutSteps,
    attempt,
    () => left > 0,
  );
}

type Attempt = (one: Case) => Disagreement | undefined;

/** Binary search for the number of steps that shows it; disagreement is nearly monotone in it. */
function shortestPrefix(from: Disagreement, attempt: Attempt): Disagreement | undefined {
  let best: Disagreement | undefined;
  const first = from.found[0]?.step;
  let low = 0;
  let high = first === undefined ? from.one.steps.length : first + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const smaller = attempt({ ...from.one, steps: from.one.steps.slice(0, middle) });
    if (smaller === undefined) low = middle + 1;
    else {
      best = smaller;
      high = middle;
    }
  }
  return best;
}

/** Leaves out runs of elements, long ones first. */
function dropChunks(
  from: Disagreement,
  count: (one: Case) => number,
  without: (one: Case, start: number, length: number) => Case,
  attempt: Attempt,
  more: () => boolean,
): Disagreement {
  let best = from;
  for (let size = Math.max(1, count(best.one) >> 1); ; size >>= 1) {
    for (let start = count(best.one) - size; start > -size && more(); start -= size) {
      const smaller = attempt(without(best.one, Math.max(0, start), size + Math.min(0, start)));
      if (smaller !== undefined) best = smaller;
    }
    if (size <= 1) return best;
  }
}

function withoutSteps(one: Case, start: number, length: number): Case {
  return { ...one, steps: one.steps.filter((_, index) => index < start || index >= start + length) };
}

const ruleCount = (one: Case): number => one.tables.reduce((sum, table) => sum + table.rules.length, 0);

function withoutRules(one: Case, start: number, length: number): Case {
  let number = 0;
  const keep = (): boolean => {
    const index = number++;
    return index < start || index >= start + length;
  };
  return { ...one, tables: one.tables.map(table => ({ ...table, rules: table.rules.filter(keep) })) };
}

/** New ids for fragments: the kernel keeps unfinished datagrams of an earlier attempt for half a minute. */
export function renumbered(one: Case, run: number): Case {
  const steps = one.steps.map(step => {
    if (step.do === "wait") return step;
    const at = idAt(step.bytes);
    const whole = at?.size === 2 && (((step.bytes[6] ?? 0) & 0x3f) | (step.bytes[7] ?? 0)) === 0;
    if (at === undefined || whole) return step;
    const bytes = step.bytes.slice();
    const high = at.offset + at.size - 2;
    bytes[high] = ((bytes[high] ?? 0) + (run >> 8)) & 255;
    bytes[high + 1] = ((bytes[high + 1] ?? 0) + run) & 255;
    if (at.size === 2 && hasGoodChecksum(step.bytes)) fixHeaderChecksum(bytes);
    return { ...step, bytes };
  });
  return { ...one, steps };
}

function hasGoodChecksum(packet: Uint8Array): boolean {
  const fixed = packet.slice();
  fixHeaderChecksum(fixed);
  return fixed[10] === packet[10] && fixed[11] === packet[11];
}
