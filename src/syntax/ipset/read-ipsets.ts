import { Sets } from "../../ruleset/index.ts";
import type { Fault } from "../fault.ts";
import { restoreLines, restoreWords } from "./restore-words.ts";
import { Exit } from "./exit.ts";
import { Session } from "./session.ts";

/** Sets as a text makes them, and what is wrong with it. With faults the sets are those made before the first. */
export interface ReadSets {
  readonly sets: Sets;
  readonly faults: readonly Fault[];
}

/** Faults that are told; the text is given up after so many. */
const FAULTS_MAX = 50;

/**
 * Reads what `ipset save` printed, or any text that `ipset restore` takes. Each line stands for itself: a fault is told with its line, and reading goes
 * on behind it. Time in µs: timeouts start then. Never throws for what people write. They are made in `sets` where some are given.
 */
export function readIpsets(text: string, file: string, now: number, sets: Sets = new Sets()): ReadSets {
  const faults: Fault[] = [];
  let number = 1;
  let ended = false;
  for (const line of restoreLines(text.startsWith("\ufeff") ? text.slice(1) : text)) {
    // A long line comes in pieces.
    if (ended) number++;
    ended = line.endsWith("\n");
    const start = line.search(/[^ \t-\r]/);
    if (start < 0 || line[start] === "#" || line.trim() === "COMMIT") continue;
    const said = runLine(sets, line.slice(start), now);
    if (said === undefined) continue;
    const end = line.trimEnd().length;
    faults.push({ file, line: number, column: start + 1, endColumn: end + 1, message: said.message, status: said.status });
    if (faults.length >= FAULTS_MAX) break;
  }
  return { sets, faults };
}

/** What is wrong with a line, if anything. */
function runLine(sets: Sets, line: string, now: number): { readonly message: string; readonly status: 1 | 2 } | undefined {
  const words = restoreWords(line);
  if (typeof words === "string") return { message: words, status: 2 };
  const session = new Session(sets, now, () => undefined);
  try {
    if (session.run(words)) return { message: "Command `restore' is invalid in restore mode.", status: 2 };
    return undefined;
  } catch (end) {
    if (!(end instanceof Exit)) throw end;
    if (end.status === 0) return undefined;
    const message = session.stderr.replace(/^ipset v[\d.]+: /, "").replace(/\nTry `ipset help'.*/, "");
    return { message: message.trimEnd().replaceAll("\n", "; "), status: end.status === 2 ? 2 : 1 };
  }
}
