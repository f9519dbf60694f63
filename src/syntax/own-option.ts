import { UsageError, type Span } from "../xtables/index.ts";
import { readCounters } from "./counters.ts";
import { checkInterfaceName } from "./interface-name.ts";
import { checkTargetName, loadMatch, loadTarget } from "./load-extension.ts";
import { checkNewChain } from "./new-chain.ts";
import { readProtocol } from "./protocol.ts";
import { parseRuleNumber } from "./scan-faults.ts";
import type { Scanning } from "./scanning.ts";
import type { Spoken, SpokenCommand } from "./spoken.ts";
import { checkTogether, together } from "./spoken-commands.ts";
import { checkWait } from "./wait.ts";
import type { Word } from "./words.ts";

const COMMANDS = "ACDEFILNPRSXZ";

/** What one of iptables' own options says; `last` is the word that its value ends in. Throws UsageError. */
export function ownOption(scanning: Scanning, letter: string, text: string | undefined, word: Word, last: Word): void {
  const { context, scan } = scanning;
  const span = scanning.span(word, last);
  if (COMMANDS.includes(letter)) return command(scanning, letter, text, span);
  const spoken: Spoken = { text: text ?? "", invert: scanning.bang !== undefined, span };
  switch (letter) {
    case "s":
      return once(scanning, "source", "s", spoken);
    case "d":
      return once(scanning, "destination", "d", spoken);
    case "i":
      once(scanning, "inInterface", "i", spoken);
      return checkInterfaceName(spoken);
    case "o":
      once(scanning, "outInterface", "o", spoken);
      return checkInterfaceName(spoken);
    case "p":
      once(scanning, "protocol", "p", spoken);
      scan.protocol = readProtocol(spoken);
      return;
    case "f":
      if (context.family === 6) throw scanning.error("`-f' is not supported in IPv6, use -m frag instead", word);
      return once(scanning, "fragment", "f", spoken);
    case "j":
    case "g":
      return jump(scanning, letter, spoken);
    case "m":
      return scanning.load(loadMatch(spoken, context));
    case "c":
      return counters(scanning, spoken);
    case "t":
      if (spoken.invert) throw scanning.error("unexpected ! flag before --table", word);
      if (context.restore) throw scanning.error("The -t option cannot be used in iptables-restore.", word);
      scan.table = spoken;
      return;
    case "4":
    case "6":
      if (Number(letter) === context.family) return;
      scan.otherFamily = true;
      return scanning.stop();
    case "w":
    case "W":
      checkWait(letter, text, context.restore, span);
      return flag(scanning, letter, span);
    case "M":
      return;
    case "h":
    case "V":
      if (letter === "h") scanning.loadProtocol();
      scan.stop = { letter, invert: spoken.invert };
      flag(scanning, letter, span);
      return scanning.stop();
    default:
      if (scan.flags.has(letter) && letter !== "v") throw scanning.error(`multiple -${letter} flags not allowed`, word);
      if (spoken.invert) throw scanning.error(`cannot have ! before -${letter}`, word);
      if (letter === "v") scan.verbose++;
      flag(scanning, letter, span);
  }
}

function flag({ scan }: Scanning, letter: string, span: Span): void {
  scan.flags = new Map([...scan.flags, [letter, span]]);
}

function once(
  { scan }: Scanning,
  key: "source" | "destination" | "inInterface" | "outInterface" | "protocol" | "fragment",
  letter: string,
  spoken: Spoken,
): void {
  if (scan[key]) throw new UsageError(`multiple -${letter} flags not allowed`, { span: spoken.span });
  if (key !== "protocol") scan[key] = spoken;
}

function jump(scanning: Scanning, letter: "j" | "g", spoken: Spoken): void {
  const { scan, context } = scanning;
  if (scan.jump) throw new UsageError("multiple -j flags not allowed", { span: spoken.span });
  if (spoken.invert) throw new UsageError("cannot have ! before -j", { span: spoken.span });
  checkTargetName(spoken);
  scan.jump = { text: spoken.text, invert: spoken.invert, span: spoken.span, goto: letter === "g" };
  if (letter === "g") return;
  const target = loadTarget(spoken, context);
  if (target) scanning.loadTarget(target);
}

function counters(scanning: Scanning, spoken: Spoken): void {
  const { scan } = scanning;
  if (scan.counters) throw new UsageError("multiple -c flags not allowed", { span: spoken.span });
  if (spoken.invert) throw new UsageError("cannot have ! before -c", { span: spoken.span });
  const comma = spoken.text.indexOf(",", 1);
  if (comma > 0) {
    scan.counters = readCounters(spoken.text.slice(0, comma), spoken.text.slice(comma + 1), spoken.span);
    return;
  }
  const next = scanning.words[scanning.at];
  if (!next || next.text.startsWith("-") || next.text.startsWith("!"))
    throw new UsageError("-c requires packet and byte counter", { span: spoken.span });
  scanning.at++;
  scan.counters = readCounters(spoken.text, next.text, { ...spoken.span, endColumn: next.endColumn });
}

function command(scanning: Scanning, letter: string, text: string | undefined, span: Span): void {
  const { context, scan } = scanning;
  if (letter === "N") checkNewChain(text ?? "", span, context.family);
  if (scanning.bang) throw new UsageError("unexpected '!' flag", { span });
  const { command: before } = scan;
  checkTogether(before, letter, span);
  const spoken: SpokenCommand = { letter, chain: text, span };
  if (letter === "E" || letter === "P") {
    const argument = scanning.bare();
    if (argument === undefined)
      throw new UsageError(letter === "E" ? "-E requires old-chain-name and new-chain-name" : "-P requires a chain and a policy", {
        span,
      });
    scan.command = { ...spoken, argument: argument.text };
    return;
  }
  const number = "DIRLSZ".includes(letter) && text !== undefined ? scanning.bare() : undefined;
  if (letter === "R" && !number) throw new UsageError("-R requires a rule number", { span });
  const numbered = number ? { ...spoken, number: parseRuleNumber(number, span) } : spoken;
  scan.command = before ? together(before, numbered) : numbered;
}
