import { readMatchText } from "./read-list-matches.ts";
import { readTargetText } from "./read-list-targets.ts";
import { ListText } from "./read-list-text.ts";
import type { Word } from "./words.ts";

/** A part of a listed rule's text that says nothing known; offsets in the line. */
export interface Unread {
  readonly from: number;
  readonly to: number;
}

/** What the text after a listed rule's columns says. */
export interface Texts {
  readonly matches: readonly Word[];
  /** `-j NAME …`; empty without a target. */
  readonly jump: readonly Word[];
  readonly unread: readonly Unread[];
  /** What these texts leave out, as sentences. */
  readonly losses: readonly string[];
}

/** Comments that one rule may hold; places where one comment may be taken to end; second thoughts about that in one rule. */
const MOST_COMMENTS = 64;
const MOST_ENDS = 8;
const MOST_RETRIES = 16;
/** Unknown tokens after which the rest of a rule's text is taken as unknown in one piece. */
const MOST_UNKNOWN = 100;

/** What the columns say that the texts depend on: the target, and the number of the protocol, 0 for any. */
export interface RowContext {
  readonly target: Word | undefined;
  readonly protocol: number;
}

/** Reads the texts of matches, then of the target. What is not known is left out and told of. */
export function readTexts(text: ListText, row: RowContext): Texts {
  return read(text, row, 0, { retries: MOST_RETRIES });
}

/** Shared by all the attempts on one rule, so that their number does not multiply. */
interface Budget {
  retries: number;
}

function read(text: ListText, row: RowContext, depth: number, budget: Budget): Texts {
  const { target, protocol } = row;
  const matches: Word[] = [];
  const unread: Unread[] = [];
  const losses: string[] = [];
  let jump: Word[] | undefined;
  let unknown = 0;
  while (!text.done) {
    if (text.line.startsWith("/* ", text.at) && depth < MOST_COMMENTS) {
      const rest = readComment(text, row, depth, budget);
      if (rest)
        return {
          matches: [...matches, ...rest.matches],
          jump: jump && rest.jump.length <= 2 ? jump : rest.jump,
          unread: [...unread, ...rest.unread],
          losses: [...losses, ...rest.losses],
        };
    }
    const match = readMatchText(text, protocol);
    if (match) {
      matches.push(...match.words);
      if (match.loses !== undefined) losses.push(match.loses);
      continue;
    }
    const from = text.at;
    const said = target && !jump ? readTargetText(text, target) : undefined;
    if (said && text.at > from) {
      jump = said;
      continue;
    }
    if (++unknown > MOST_UNKNOWN) text.at = text.line.trimEnd().length;
    else skipUnknown(text);
    const last = unread.at(-1);
    if (last && text.line.slice(last.to, from).trim() === "") unread[unread.length - 1] = { from: last.from, to: text.at };
    else unread.push({ from, to: text.at });
  }
  return { matches, jump: jump ?? (target ? [{ ...target, text: "-j" }, target] : []), unread, losses };
}

/**
 * A comment and everything after it. A comment may hold what ends one, so the first end after which all the rest can be read is taken, and
 * the very first where there is none. libxt_comment.
 */
function readComment(text: ListText, row: RowContext, depth: number, budget: Budget): Texts | undefined {
  const start = text.at;
  let first: Texts | undefined;
  let end = start + 2;
  for (let tries = 0; tries < MOST_ENDS; tries++) {
    end = text.line.indexOf(" */", end + 1);
    if (end < 0) break;
    if (!text.endsAt(end + 3)) continue;
    if (first && budget.retries-- <= 0) break;
    const comment = text.line.slice(start + 3, end);
    const rest = read(new ListText(text.line, end + 3, text.number), row, depth + 1, budget);
    const words = ["-m", "comment", "--comment", comment].map((word): Word => ({
      text: word,
      column: start + 1,
      endColumn: end + 4,
      quoted: true,
    }));
    const all = { ...rest, matches: [...words, ...rest.matches] };
    if (all.unread.length === 0) return all;
    first ??= all;
  }
  return first;
}

/** Steps over a token nobody knows, or a whole quoted text. */
function skipUnknown(text: ListText): void {
  const quote = text.line[text.at] === '"' ? text.line.indexOf('"', text.at + 1) : -1;
  if (quote > 0) text.at = quote + 1;
  text.token();
}
