import { UsageError, type Span } from "../xtables/index.ts";
import type { SpokenCommand } from "./spoken.ts";

/** The letters of the commands in the order of their bits, by which iptables picks one of several to name. iptables: xshared.c, cmdflags. */
const ORDER = "IDRALFZNXPESC";

/** Only -L and -S stand with another command, and only with -Z. iptables: xshared.c, add_command. Throws UsageError. */
export function checkTogether(before: SpokenCommand | undefined, letter: string, span: Span): void {
  if (!before) return;
  const said = before.zero ? [before.letter, "Z"] : [before.letter];
  const allowed = letter === "Z" ? "LS" : "LS".includes(letter) ? "Z" : "";
  const [clash] = said.filter(each => !allowed.includes(each)).toSorted((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a));
  if (clash !== undefined) throw new UsageError(`Cannot use -${letter} with -${clash}`, { span });
}

/** `-L a -Z b`: one command of both, whose chain and number are the last ones said. */
export function together(before: SpokenCommand, next: SpokenCommand): SpokenCommand {
  const list = next.letter === "Z" ? before : next;
  const zero = next.letter === "Z" ? next : before;
  const chain = next.chain ?? before.chain;
  const number = next.number ?? before.number;
  return {
    letter: list.letter,
    chain,
    ...(number !== undefined && { number }),
    zero: zero.number === undefined ? "chain" : "rule",
    span: list.span,
  };
}
