import { UsageError, type Span } from "../xtables/index.ts";
import { guessOption } from "./find-option.ts";
import { isUnmodelledMatch } from "./known.ts";
import { unsupported } from "./load-extension.ts";
import { protocolAlias } from "./protocol.ts";
import type { Loaded, Scan, ScanContext } from "./spoken.ts";
import type { Word } from "./words.ts";

const spanOf = ({ column, endColumn }: Word, line: number): Span => ({ line, column, endColumn });

/** A word that is no option where one is wanted. After `-s ! x`, which was good iptables until 1.4.3, the guess is how it is said now. */
export function badArgument(words: readonly Word[], at: number, line: number): UsageError {
  const [option, bang, word] = [words[at - 2], words[at - 1], words[at]];
  if (!word) return new UsageError("Bad argument");
  const guess = bang?.text === "!" && option?.text.startsWith("-") ? `! ${option.text} ${word.text}` : undefined;
  return new UsageError(`Bad argument \`${word.text}'`, { span: spanOf(word, line), guess });
}

/** An option that nobody knows; when it may be one of a protocol match that is not modelled, that is the reason given. */
export function unknownOption(word: Word, loaded: readonly Loaded[], { protocol }: Scan, { family, line }: ScanContext): UsageError {
  const match = protocol && protocolAlias(protocol.text);
  if (match !== undefined && isUnmodelledMatch(match, family)) return unsupported("match", match, spanOf(word, line));
  return new UsageError(`unknown option "${word.text}"`, { span: spanOf(word, line), guess: guessOption(word.text, loaded) });
}

/** The number of a rule, from 1. iptables: xshared.c, parse_rulenumber. Throws UsageError. */
export function parseRuleNumber({ text, column, endColumn }: Word, span: Span): number {
  const number = /^\s*\+?(0x[0-9a-f]{1,7}|[1-9]\d{0,8}|0[0-7]*)$/i.exec(text)?.[1];
  const value = number === undefined ? 0 : /^0[0-7]/.test(number) ? Number.parseInt(number, 8) : Number(number);
  if (value === 0) throw new UsageError(`Invalid rule number \`${text}'`, { span: { ...span, column, endColumn } });
  return value;
}

/** iptables reads each option's value as it comes, so a wrong value is told of before what is wrong behind it. Undefined when there is none. */
export function earlierFault(
  fault: unknown,
  scan: Scan,
  context: Pick<ScanContext, "family" | "names" | "variant" | "warn">,
): UsageError | undefined {
  return fault instanceof UsageError && fault.span ? valueFault(scan, context, fault.span.column) : undefined;
}

/** The first option whose value is wrong, by its place; of those before a column when one is given. Undefined when all are right. */
export function valueFault(
  { matches, target, protocol }: Scan,
  { family, names, variant, warn = () => undefined }: Pick<ScanContext, "family" | "names" | "variant" | "warn">,
  before: number = Number.POSITIVE_INFINITY,
): UsageError | undefined {
  let first: UsageError | undefined;
  for (const { type, given } of target ? [...matches, target] : matches) {
    try {
      type?.options.parse(given, {
        family,
        names,
        variant,
        extension: type.name,
        protocol: protocol?.text ?? "all",
        warn,
      });
    } catch (earlier) {
      if (!(earlier instanceof UsageError)) throw earlier;
      if (earlier.span && earlier.span.column < (first?.span?.column ?? before)) first = earlier;
    }
  }
  return first;
}
