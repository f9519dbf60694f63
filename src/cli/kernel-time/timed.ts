import type { KernelTiming } from "../../report/index.ts";
import type { Ruleset, Sets } from "../../ruleset/index.ts";

/** Two rulesets to be timed, and the ipsets that they ask. */
export interface Timed {
  readonly before: Ruleset;
  readonly after: Ruleset;
  readonly sets: Sets | undefined;
}

/** What a packet costs in two rulesets; a reason where it cannot be measured. */
export async function timedByKernel(_timed: Timed): Promise<KernelTiming> {
  return { ran: false, reason: "not root" };
}
