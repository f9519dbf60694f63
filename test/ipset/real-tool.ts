import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Call } from "./random-commands.ts";

/** What a call of ipset gave. */
export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Why the real tool cannot be asked here, or undefined when it can. */
export function whyNot(): string | undefined {
  if (process.platform !== "linux") return `not Linux but ${process.platform}`;
  if (process.getuid?.() !== 0) return "not root";
  const probe = spawnSync("unshare", ["-n", "sh", "-c", "ipset create probe hash:ip && ipset version"], { encoding: "utf8" });
  if (probe.status !== 0)
    return `no ipset in a private network namespace: ${(probe.stderr ?? String(probe.error)).trim().split("\n")[0] ?? ""}`;
  const version = /ipset v([\d.]+)/.exec(probe.stdout)?.[1];
  return version === "7.17" ? undefined : `ipset is version ${version}, not 7.17`;
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs calls one after the other in a fresh network namespace. */
export function askTool(calls: readonly Call[]): Answer[] {
  const dir = mkdtempSync(join(tmpdir(), "ferrule-ipset-"));
  try {
    const lines = calls.map(({ argv, stdin }, i) => {
      writeFileSync(join(dir, `${i}.in`), stdin);
      return `timeout 20 ipset ${argv.map(quoted).join(" ")} <${i}.in >${i}.out 2>${i}.err; echo $? >${i}.status\n`;
    });
    writeFileSync(join(dir, "script"), `cd ${quoted(dir)}\n${lines.join("")}`);
    spawnSync("unshare", ["-n", "sh", join(dir, "script")], { stdio: "ignore" });
    const read = (name: string): string => readFileSync(join(dir, name), "utf8");
    return calls.map((_, i) => ({ stdout: read(`${i}.out`), stderr: read(`${i}.err`), status: Number(read(`${i}.status`)) }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
