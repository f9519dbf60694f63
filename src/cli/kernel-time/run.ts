import { spawn } from "node:child_process";

/** What a program came to; the status is null when it was stopped. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bytes of output that are kept. */
const MOST_OUTPUT = 1 << 20;

/** Runs a program to its end, or for so many seconds. Never throws: what cannot be started has a status and says why on stderr. */
export function runQuietly(
  program: string,
  args: readonly string[],
  { seconds, cwd }: { readonly seconds: number; readonly cwd?: string },
): Promise<Ran> {
  return new Promise(resolve => {
    let stdout = "";
    let stderr = "";
    // A group of its own, so that what it has started ends with it.
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...(cwd !== undefined && { cwd }) });
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, seconds * 1000);
    child.stdout.on("data", chunk => (stdout = `${stdout}${chunk}`.slice(0, MOST_OUTPUT)));
    child.stderr.on("data", chunk => (stderr = `${stderr}${chunk}`.slice(0, MOST_OUTPUT)));
    child.once("error", fault => {
      clearTimeout(timer);
      resolve({ status: 127, stdout, stderr: fault.message });
    });
    child.once("close", status => {
      clearTimeout(timer);
      resolve({ status, stdout, stderr });
    });
  });
}
