import type { Family } from "../predicate/index.ts";
import { UsageError, type Span } from "../xtables/index.ts";
import { isTargetName } from "./known.ts";
import { MOST_IN_NAME } from "./spoken.ts";

/** A user chain's name as -N takes it. iptables: xshared.c, parse_chain. Throws UsageError. */
export function checkNewChain(name: string, span: Span, family: Family): void {
  if (name.length > MOST_IN_NAME)
    throw new UsageError(`chain name \`${name}' too long (must be under ${MOST_IN_NAME + 1} chars)`, { span });
  if (/^[-!]/.test(name)) throw new UsageError(`chain name not allowed to start with \`${name[0]}'`, { span });
  if (name === "" || isTargetName(name, family)) throw new UsageError("chain name may not clash with target name", { span });
  if (/\s/.test(name)) throw new UsageError(`Invalid chain name \`${name}'`, { span });
}
