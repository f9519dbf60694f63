import { readFileSync, readdirSync } from "node:fs";

/** What a tree of processes uses at the moment. */
export interface Usage {
  readonly processes: number;
  /** Bytes in memory; pages that are shared count for each. */
  readonly memory: number;
  /** Seconds of processor time, those of ended and waited-for children included. */
  readonly cpu: number;
}

const PAGE = 4096;
const TICKS = 100;
/** Processes that are looked at; a limit of the kernel keeps the number well under it. */
const MOST = 10_000;

/** The first child of a process, undefined while there is none. */
export function firstChild(pid: number): number | undefined {
  return childrenOf(pid)[0];
}

/** What a process and everything below it use. What ends meanwhile is passed over. Linux: /proc/PID/stat. */
export function usageOf(root: number): Usage {
  let processes = 0;
  let memory = 0;
  let cpu = 0;
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined && processes < MOST; pid = waiting.pop()) {
    const stat = read(`/proc/${pid}/stat`);
    if (stat === undefined) continue;
    // The name is in parentheses and may hold anything; numbers start behind it with the third field.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const field = (number: number): number => Number(fields[number - 3] ?? 0);
    processes++;
    cpu += (field(14) + field(15) + field(16) + field(17)) / TICKS;
    memory += field(24) * PAGE;
    for (const child of childrenOf(pid)) waiting.push(child);
  }
  return { processes, memory, cpu };
}

function childrenOf(pid: number): readonly number[] {
  let threads: readonly string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  return threads.flatMap(thread =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? "")
      .split(" ")
      .filter(word => word !== "")
      .map(Number),
  );
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
