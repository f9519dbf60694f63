/** What the tests of scripts share: whether there are sandboxes at all, and a script as a file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "../../src/cli/script/job.ts";
import { runInSandbox } from "../../src/cli/script/sandbox.ts";
import { LIMITS } from "../../src/cli/script/index.ts";
import type { Request, Reply } from "../../src/cli/script/queue.ts";
import type { Variant } from "../../src/syntax/index.ts";

/** Why no sandbox can be made here; empty where one can. */
export async function noSandbox(): Promise<string> {
  try {
    await inSandbox(["/bin/true"]);
    return "";
  } catch (fault) {
    return (fault as Error).message;
  }
}

/** A folder for scripts, readable to all, and a way to take it away. */
export function scriptFolder(): { readonly path: string; file(name: string, text: string | Uint8Array): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "ferrule-script-"));
  return {
    path,
    file(name, text) {
      writeFileSync(join(path, name), text);
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Settings of a run, all of which may be left out. */
export interface RunOptions {
  readonly folder?: string;
  readonly real?: Variant;
  readonly env?: Readonly<Record<string, string>>;
  answer?(request: Request): Reply | Promise<Reply>;
}

/** Runs a command in a sandbox and gives what it printed. */
export async function inSandbox(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const chunks: Buffer[] = [];
  const { folder, env = {}, real } = options;
  const job: Job = { folder, command, env, text: undefined, file: undefined, network: "", libraries: [], limits: LIMITS, real };
  await runInSandbox(job, {
    said: bytes => void chunks.push(Buffer.from(bytes)),
    answer: options.answer ?? ((): Reply => ({ status: 0, stdout: "", stderr: "" })),
  });
  return Buffer.concat(chunks).toString();
}
