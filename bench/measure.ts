import { spawnSync } from "node:child_process";

/** Median of the wall time of several runs, in milliseconds. */
export function median(runs: number, run: () => void): number {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
}

/** A whole process: wall time in milliseconds, or the reason why it could not run. */
export function processTime(command: string, args: readonly string[], input: string): number | string {
  const start = performance.now();
  const { status, error, stderr } = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 1 << 28, timeout: 120_000 });
  const time = performance.now() - start;
  if (error) return `${command}: ${error.message}`;
  return status === 0 ? time : `${command}: exit ${status}: ${stderr.split("\n")[0] ?? ""}`;
}

/** One line of a table: what was measured, its figure and, where there is a peer, the ratio to it. */
export function row(what: string, figure: string, ratio = ""): void {
  console.log(`${what.padEnd(52)} ${figure.padStart(16)}  ${ratio}`);
}
