import type { Hook } from "../../xtables/index.ts";
import type { Traced, TraceStep } from "../state/traced.ts";
import { stepsTo } from "./chain-trace.ts";
import type { PlaceName } from "./plan.ts";

/** A spot of the overview: a hook's row, a hook itself, or a place beside the hooks. */
export type Spot =
  | { readonly at: "row"; readonly hook: Hook; readonly row: string }
  | { readonly at: "hook"; readonly hook: Hook }
  | { readonly at: "place"; readonly place: PlaceName };

/** The way of one packet on the overview, up to a step. */
export interface Walk {
  readonly here: Spot | undefined;
  /** Keys of the spots that it has passed, this one included. */
  readonly spots: ReadonlySet<string>;
  /** Arrows that it has passed, as `FROM>TO`. */
  readonly arrows: ReadonlySet<string>;
}

/** A spot's key in `spots`. */
export function spotKey(spot: Spot): string {
  return spot.at === "row" ? `${spot.hook} ${spot.row}` : spot.at === "hook" ? spot.hook : spot.place;
}

/** Where a step is on the overview, by the hook that its packet was at last; undefined for steps that are nowhere. */
function spotOf({ event, table }: TraceStep, hook: Hook | undefined): Spot | undefined {
  if (event === "delivered") return { at: "place", place: "process" };
  if (event === "emitted") return { at: "place", place: "out" };
  if (event === "route") {
    if (hook === undefined) return { at: "place", place: "process" };
    return hook === "OUTPUT" ? { at: "row", hook, row: "reroute" } : { at: "place", place: "routing" };
  }
  if (hook === undefined) return undefined;
  if (event === "tracking") return { at: "row", hook, row: "conntrack" };
  return table === undefined ? { at: "hook", hook } : { at: "row", hook, row: table };
}

/** Arrows that lead into a hook, by where the packet was before; elsewhere it comes anew. */
const WAYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["PREROUTING", ["in>PREROUTING"]],
  ["OUTPUT", ["process>OUTPUT"]],
  ["PREROUTING INPUT", ["PREROUTING>routing", "routing>INPUT"]],
  ["PREROUTING FORWARD", ["PREROUTING>routing", "routing>FORWARD"]],
  ["FORWARD POSTROUTING", ["FORWARD>POSTROUTING"]],
  ["OUTPUT POSTROUTING", ["OUTPUT>POSTROUTING"]],
  ["POSTROUTING PREROUTING", ["POSTROUTING>PREROUTING"]],
]);

/**
 * The way of the packet that a step belongs to, from its first step to this one; an answer that the kernel makes to it goes a way of its own.
 * Empty for a step that the trace has not.
 */
export function walkTo(trace: Traced, index: number): Walk {
  const { packets, steps } = trace;
  const current = steps[index];
  const spots = new Set<string>();
  const arrows = new Set<string>();
  if (!current) return { here: undefined, spots, arrows };
  let hook: Hook | undefined;
  let here: Spot | undefined;
  for (const [, each] of stepsTo(trace, index)) {
    const entered = each.event === "hook" || hook === undefined;
    if (each.hook !== undefined && (entered || each.hook !== hook)) {
      const way = (hook === undefined ? undefined : WAYS.get(`${hook} ${each.hook}`)) ?? WAYS.get(each.hook) ?? [];
      for (const arrow of way) arrows.add(arrow);
      hook = each.hook;
      spots.add(hook);
    }
    const spot = spotOf(each, hook) ?? here;
    if (!spot) continue;
    here = spot;
    spots.add(spotKey(spot));
    if (spot.at !== "place") continue;
    if (spot.place === "routing" && hook === "PREROUTING") arrows.add("PREROUTING>routing");
    if (spot.place === "process" && hook === "INPUT") arrows.add("INPUT>process");
    if (spot.place === "out" && hook === "POSTROUTING") arrows.add("POSTROUTING>out");
  }
  here ??= startOf(steps, current, packets[current.packet]?.end ?? 0);
  if (here) spots.add(spotKey(here));
  return { here, spots, arrows };
}

/** Where a packet starts: outside, or at a process of the machine. */
function startOf(steps: readonly TraceStep[], current: TraceStep, end: number): Spot | undefined {
  for (let at = steps.indexOf(current); at < end; at++) {
    const each = steps[at];
    if (each?.hook !== undefined && each.beside === current.beside)
      return { at: "place", place: each.hook === "OUTPUT" ? "process" : "in" };
  }
  return undefined;
}
