import type { ReadContext } from "../xtables/index.ts";

/** Tells, as iptables does, that the kernel has no such extension. */
export function warnOfMissingModule({ extension, warn }: Pick<ReadContext, "extension" | "warn">): void {
  warn(`Warning: Extension ${extension} revision 0 not supported, missing kernel module?`);
}

/** Why a rule with an extension that Linux 6.18 lacks is refused. */
export const missingModule = (kind: "match" | "target", name: string): string =>
  `${name} ${kind}: the kernel has no such extension (No such file or directory)`;
