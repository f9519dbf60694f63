import { execFile } from "node:child_process";

/** What a program said; `missing` when this machine has no such program. */
export type Said = { readonly stdout: string } | { readonly reason: string; readonly missing: boolean };

/** ms, and bytes of output, after which a program is ended. */
const PATIENCE = 10_000;
const MOST_OUTPUT = 128 << 20;

/** Where programs for root are, beside the user's own places. */
const MORE_PLACES = "/usr/sbin:/sbin:/usr/local/sbin";

/** Runs a program of this machine with fixed words, without a shell and with nothing to read. */
export function say(program: string, words: readonly string[]): Promise<Said> {
  const env = { PATH: `${process.env["PATH"] ?? ""}:${MORE_PLACES}`, LC_ALL: "C", TZ: "UTC" };
  return new Promise(resolve => {
    const child = execFile(
      program,
      words,
      { env, timeout: PATIENCE, maxBuffer: MOST_OUTPUT, killSignal: "SIGKILL", encoding: "utf8" },
      (fault, stdout, stderr) => {
        if (!fault) return resolve({ stdout });
        const missing = fault.code === ("ENOENT" as unknown);
        const line = stderr.split("\n").find(each => each.trim() !== "");
        const reason = missing
          ? `this machine has no ${program}`
          : fault.code === ("ERR_CHILD_PROCESS_STDIO_MAXBUFFER" as unknown)
            ? `${program} said more than ${MOST_OUTPUT >> 20} MiB`
            : fault.killed
              ? `${program} did not end in time`
              : (line ?? `${program} failed`);
        resolve({ reason: reason.slice(0, 300), missing });
      },
    );
    child.stdin?.end();
  });
}
