/** The command line, run inside the test's own process: many cases need few processes so. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/cli/program.ts";

/** What a command said and how it ended. */
export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for one file's tests, taken away at the end. */
export function scratch(): { file(name: string, content: string | Uint8Array): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "ferrule-faults-"));
  return {
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs `ferrule` with these arguments. One at a time: it takes over the standard streams meanwhile. */
export async function ferrule(...argv: string[]): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const { write } = process.stdout;
  const writeError = process.stderr.write;
  const { error } = console;
  const colour = process.env["NO_COLOR"];
  process.env["NO_COLOR"] = "1";
  process.stdout.write = taker(out);
  process.stderr.write = taker(err);
  console.error = (...words: unknown[]) => void err.push(`${words.join(" ")}\n`);
  try {
    const status = await run(argv);
    return { status, stdout: out.join(""), stderr: err.join("") };
  } finally {
    process.stdout.write = write;
    process.stderr.write = writeError;
    console.error = error;
    if (colour === undefined) delete process.env["NO_COLOR"];
    else process.env["NO_COLOR"] = colour;
  }
}

type Write = typeof process.stdout.write;

function taker(into: string[]): Write {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    into.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("latin1"));
    for (const each of rest) if (typeof each === "function") each();
    return true;
  };
  return write as Write;
}
