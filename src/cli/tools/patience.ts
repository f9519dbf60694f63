import type { Tool } from "../../syntax/index.ts";

/** As good as for ever, in seconds. */
const FOR_EVER = 1e6;

/**
 * How many seconds a command waits for the lock: as -w says; without it legacy not at all, while iptables-nft and ipset leave it to the
 * kernel, which makes everyone wait.
 */
export function patienceOf({ kind, variant }: Tool, argv: readonly string[]): number {
  if (kind === "sets" || variant === "nft") return FOR_EVER;
  let patience = 0;
  for (const [i, word] of argv.entries()) {
    const glued = /^(?:-w|--wait=)(.+)$/.exec(word)?.[1];
    if (glued === undefined && !/^(-w|--wait|--wai)$/.test(word)) continue;
    const next = glued ?? argv[i + 1];
    patience = next !== undefined && /^\d+$/.test(next) ? Number(next) : FOR_EVER;
  }
  return patience;
}
