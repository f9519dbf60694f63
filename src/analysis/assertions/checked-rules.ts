import type { Subject } from "../lint/index.ts";
import type { QueryStand } from "../query/ask.ts";

/** Rules that assertions are about. */
export interface CheckedRules extends QueryStand {
  /** Lines of the files that the rules stand in, by the names that the rules bear: for comments that allow findings. */
  readonly texts?: Subject["texts"] | undefined;
}
