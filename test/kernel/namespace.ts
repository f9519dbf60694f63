/** A network namespace of the harness's own: nothing here ever touches the machine's. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const MARKER = "FERRULE_KERNEL_NAMESPACE";
const TOOLS = ["iptables-legacy-restore", "iptables-legacy-save", "ip6tables-legacy-restore", "ip", "nft", "conntrack", "unshare"];

/** Is this process already inside the namespace that `reenter` made? */
export const inNamespace = (): boolean => process.env[MARKER] === "1";

/** Why the real kernel cannot be asked here, or undefined when it can. */
export function whyNot(): string | undefined {
  if (process.platform !== "linux") return `not Linux but ${process.platform}`;
  if (process.getuid?.() !== 0) return "not root";
  if (!existsSync("/dev/net/tun")) return "no /dev/net/tun";
  for (const tool of TOOLS) if (spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0) return `no ${tool}`;
  const probe = spawnSync("unshare", ["-n", "sh", "-c", "iptables-legacy -t raw -S && ip tuntap add dev probe mode tap"], {
    encoding: "utf8",
  });
  if (probe.status !== 0) return `no private network namespace with iptables: ${probe.stderr.trim().split("\n")[0] ?? ""}`;
  return undefined;
}

/** Runs this very command again inside a fresh network namespace, with more arguments, and returns its exit status. */
export function reenter(more: readonly string[] = []): number {
  const child = spawnSync("unshare", ["-n", process.execPath, ...process.execArgv, ...process.argv.slice(1), ...more], {
    stdio: "inherit",
    env: { ...process.env, [MARKER]: "1" },
  });
  return child.status ?? 1;
}
