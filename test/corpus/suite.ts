/** What one comparison over the corpus found. */
export interface SuiteResult {
  readonly name: string;
  readonly agreed: number;
  /** Cases within reach. */
  readonly total: number;
  /** Cases that no answer is claimed for, counted by the reason or the extension's name. */
  readonly outOfReach: ReadonlyMap<string, number>;
  readonly disagreements: readonly Disagreement[];
}

/** One case in which Ferrule and the measured answer differ. */
export interface Disagreement {
  readonly id: string;
  readonly expected: string;
  readonly got: string;
}

/** A comparison over a folder laid out like the corpus. */
export interface Suite {
  readonly name: string;
  run(dir: string): Promise<SuiteResult>;
}
