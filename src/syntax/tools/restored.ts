import type { Ruleset } from "../../ruleset/index.ts";
import type { AbsentChains } from "../base-chains.ts";
import type { Complaint } from "./sentence.ts";

/** What ends a restore before its end. */
export type Ending = Complaint | { readonly status: number; readonly text: string };

/** What a restore came to. */
export interface Restored {
  readonly complaint: Ending | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The rules after the last COMMIT. */
  readonly result: { readonly ruleset: Ruleset; readonly absent: AbsentChains } | undefined;
}

/** A fault that ends the reading. */
export class Stop extends Error {
  readonly ending: Ending;
  constructor(ending: Ending) {
    super();
    this.ending = ending;
  }
}
