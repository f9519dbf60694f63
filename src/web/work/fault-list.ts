import type { Fault, Ignored } from "../../syntax/index.ts";
import type { FaultCounts, PlacedFault } from "./outline.ts";

/** More faults than these of one text are counted, but not told: nobody reads them. */
const MOST = 500;

/** What is wrong with the texts of a firewall, as it is found: of very many faults of a text those that were put first. */
export class FaultList {
  readonly told: PlacedFault[] = [];
  readonly counts: { readonly [Key in keyof FaultCounts]: { error: number; warning: number } } = {
    rules4: { error: 0, warning: 0 },
    rules6: { error: 0, warning: 0 },
    sets: { error: 0, warning: 0 },
    host: { error: 0, warning: 0 },
  };

  put(document: PlacedFault["document"], severity: PlacedFault["severity"], faults: readonly Fault[]): void {
    const counts = this.counts[document];
    for (const fault of faults) {
      counts[severity]++;
      if (counts.error + counts.warning <= MOST) this.told.push({ ...fault, document, severity });
    }
  }

  /**
   * Lines of a text that are no rules. One warning stands for all between which nothing else stands: a mail or a shell's output around rules
   * has hundreds.
   */
  putIgnored(document: PlacedFault["document"], file: string, text: string, ignored: readonly Ignored[]): void {
    const runs: { first: number; last: number; reason: string }[] = [];
    const texts = ignored.length > 1 ? text.split("\n") : [];
    for (const { line, reason } of ignored) {
      const run = runs.at(-1);
      if (run?.reason === reason && texts.slice(run.last, line - 1).every(each => each.trim() === "")) run.last = line;
      else runs.push({ first: line, last: line, reason });
    }
    this.put(
      document,
      "warning",
      runs.map(({ first, last, reason }) => {
        const what = first === last ? "this line is no rule" : `lines ${first} to ${last} are no rules`;
        return { file, line: first, column: 1, endColumn: 1, message: `${what}: ${reason}`, status: 2 };
      }),
    );
  }
}
