/** The real tools, in a fresh network namespace for each sequence. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quoted, type Answer, type Sequence } from "./step.ts";

/** Why the real tools cannot be asked here; undefined when they can. */
export function whyNoTools(): string | undefined {
  if (process.getuid?.() !== 0) return "not root";
  for (const tool of ["iptables-nft", "iptables-legacy", "ip6tables-nft", "ip6tables-legacy"]) {
    const { stdout, status } = spawnSync(tool, ["-V"], { encoding: "utf8" });
    if (status !== 0) return `${tool} is not installed`;
    if (!stdout.includes(" v1.8.9 ")) return `${tool} is not version 1.8.9`;
  }
  const { status } = spawnSync("unshare", ["-n", "iptables-nft", "-L", "-n"], { encoding: "utf8" });
  return status === 0 ? undefined : "no network namespace, or no nf_tables in the kernel";
}

/** What the real tools answer to each step. */
export function askReal({ steps }: Sequence): readonly Answer[] {
  const folder = mkdtempSync(join(tmpdir(), "ferrule-tools-"));
  try {
    const lines = ['cd "$1" || exit 9', 'export XTABLES_LOCKFILE="$1/lock"'];
    for (const [i, { name, argv, stdin }] of steps.entries()) {
      writeFileSync(join(folder, `${i}.in`), stdin);
      lines.push(`timeout 20 ${[name, ...argv].map(quoted).join(" ")} <${i}.in >${i}.out 2>${i}.err; echo $? >${i}.status`);
    }
    const script = join(folder, "script");
    writeFileSync(script, `${lines.join("\n")}\n`);
    spawnSync("unshare", ["-n", "sh", script, folder], { stdio: "ignore" });
    return steps.map((_, i) => ({
      stdout: readFileSync(join(folder, `${i}.out`), "utf8"),
      stderr: readFileSync(join(folder, `${i}.err`), "utf8"),
      status: Number(readFileSync(join(folder, `${i}.status`), "utf8")),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
