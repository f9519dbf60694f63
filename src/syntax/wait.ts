import { UsageError, type Span } from "../xtables/index.ts";

const MOST_MICROSECONDS = 999_999;

/** The value of -w or -W, which Ferrule itself has no use for. iptables: xshared.c, parse_wait_time and parse_wait_interval. Throws UsageError. */
export function checkWait(letter: "w" | "W", text: string | undefined, restore: boolean, span: Span): void {
  if (restore) throw new UsageError(`You cannot use \`-${letter}' from iptables-restore`, { span });
  if (letter === "w") {
    if (text !== undefined && !/^\s*[-+]?\d/.test(text)) throw new UsageError("wait seconds not numeric", { span });
    return;
  }
  if (text === undefined) throw new UsageError("wait interval value required", { span });
  const digits = /^\s*\+?(\d+)/.exec(text)?.[1];
  if (digits === undefined) throw new UsageError("wait interval not numeric", { span });
  if (Number(digits) > MOST_MICROSECONDS) throw new UsageError(`too long usec wait ${digits} > 999999 usec`, { span });
}
