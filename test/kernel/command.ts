/** Runs the system's own tools with text in and text out. */
import { spawnSync } from "node:child_process";

/** What a tool said. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tool with `input` on its standard input, for at most 20 seconds. */
export function run(command: string, args: readonly string[], input = ""): Ran {
  const ran = spawnSync(command, args, { input, encoding: "utf8", timeout: 20_000, maxBuffer: 64 << 20 });
  return { status: ran.status ?? -1, stdout: ran.stdout ?? "", stderr: ran.stderr ?? String(ran.error ?? "") };
}

/** The same, but a failure throws. */
export function mustRun(command: string, args: readonly string[], input = ""): string {
  const ran = run(command, args, input);
  if (ran.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${ran.stderr.trim()}`);
  return ran.stdout;
}
