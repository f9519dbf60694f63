import type { Rule } from "../ruleset/index.ts";
import { UsageError } from "../xtables/index.ts";

/** Protocol matches that iptables-nft turns into nf_tables expressions of its own, with what it says where -p is missing. iptables: nft.c, add_nft_tcpudp. */
const NATIVE: ReadonlyMap<string, readonly [protocol: number, sentence: string]> = new Map([
  ["tcp", [6, "TCP match requires '-p tcp'"]],
  ["udp", [17, "UDP match requires '-p udp'"]],
]);

/** Targets that the kernel has no module for, because legacy tables have them built in. */
const BUILT_IN_ONLY: ReadonlySet<string> = new Set(["QUEUE"]);

/** Targets that become an nf_tables expression and may therefore stand in any table. */
const ANYWHERE: ReadonlySet<string> = new Set(["TRACE"]);

/** What iptables-nft 1.8.9 refuses beyond what legacy refuses. Throws UsageError. */
export function checkForNft({ header, matches, target }: Rule, chain: string): void {
  for (const { name, save } of matches) {
    const native = NATIVE.get(name);
    if (native && save !== `-m ${name}` && header.protocol?.number !== native[0]) throw new UsageError(native[1]);
  }
  if (target && BUILT_IN_ONLY.has(target.name))
    throw new UsageError(` RULE_APPEND failed (No such file or directory): rule in chain ${chain}`, { status: 4 });
}

/** Does iptables-nft accept what the legacy kernel refuses: a native match under an inverted -p, a native target in a strange table? */
export function acceptedByNft({ header, matches, target }: Rule): boolean {
  if (target && ANYWHERE.has(target.name)) return true;
  return (
    header.protocol?.invert === true &&
    matches.length > 0 &&
    matches.every(({ name, save }) => NATIVE.get(name)?.[0] === header.protocol?.number && save !== `-m ${name}`)
  );
}
