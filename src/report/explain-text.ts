import {
  BEHIND,
  isUnconditional,
  nextOf,
  placeKey,
  type AddressList,
  type ExplainedChain,
  type Knock,
  type ListUse,
  type Lives,
  type RuleDetail,
} from "../analysis/explain/index.ts";
import { isVerdict, type Family } from "../predicate/index.ts";
import type { Rule } from "../ruleset/index.ts";
import { ruleText } from "../ruleset/index.ts";
import { servedLines } from "./explain-served.ts";
import { wrapped } from "./explain-wrap.ts";
import { detailNotes, findingText } from "./explain-detail.ts";
import { printable } from "./printable.ts";
import {
  atMost,
  both,
  capital,
  chainSentence,
  nextText,
  rateNotes,
  remarkOf,
  ruleSentence,
  ruleTraffic,
  type Standing,
} from "./sentence/index.ts";
import { bad, dim, plain, strong, type Line, type Span } from "./span.ts";
import { positionText } from "./trace-lines.ts";

const MARGIN = 2;
const LEAST_WIDTH = 40;

/** Text as lines with a margin; the first line may start with a label in it. */
function paragraph(text: string, width: number, margin: number, label = ""): Line[] {
  return wrapped(printable(text), Math.max(LEAST_WIDTH, width - margin)).map((line, index) => [
    plain((index === 0 ? label : "").padEnd(margin)),
    plain(line),
  ]);
}

const standingOf = ({ family, table, chain }: ExplainedChain): Standing => ({ family, table, hook: chain.hook, policy: chain.policy });

/** A chain: its name, what it is for, and a sentence for each rule. Rules that no packet reaches are dim. */
export function chainLines(explained: ExplainedChain, width: number, lives?: Lives): Line[] {
  const { table, chain } = explained;
  const lines: Line[] = [[strong(`${table} ${printable(chain.name)}`)], ...paragraph(chainSentence(explained), width, MARGIN)];
  const margin = MARGIN + `${chain.rules.length}`.length + 2;
  let behind = false;
  for (const [index, rule] of chain.rules.entries()) {
    const number = index + 1;
    const findings = lives?.findings.get(placeKey(table, chain.name, number)) ?? [];
    behind ||= findings.some(({ code }) => code === BEHIND);
    const told = toldRule(explained, number, rule, { margin, width });
    lines.push(...(behind ? told.map(line => toned(line, dim)) : told));
    for (const finding of findings)
      for (const line of paragraph(findingText(finding), width, margin)) lines.push(toned(line, finding.severity === "info" ? dim : bad));
  }
  return lines;
}

/** A rule's number and sentence, and what its writer says of it. */
function toldRule(
  explained: ExplainedChain,
  number: number,
  rule: Rule,
  { margin, width }: { readonly margin: number; readonly width: number },
): Line[] {
  const sentence = ruleSentence(rule, standingOf(explained), nextOf(explained.chain, number), explained.chains);
  const told = paragraph(sentence, width, margin, `${`${number}`.padStart(margin - 2)}  `);
  const remark = remarkOf(rule);
  const last = told.at(-1);
  return remark === undefined || last === undefined ? told : [...told.slice(0, -1), [...last, dim(`  # ${printable(remark)}`)]];
}

const toned = (line: Line, tone: (text: string) => Span): Line => line.map(span => (span.text.trim() === "" ? span : tone(span.text)));

/** One rule at length: its text, its sentence, how its rates work, and where its packets go on. */
export function ruleLines(explained: ExplainedChain, number: number, rule: Rule, detail: RuleDetail | undefined, width: number): Line[] {
  const { table, chain, chains } = explained;
  const standing = standingOf(explained);
  const next = nextOf(chain, number);
  const remark = remarkOf(rule);
  return [
    [strong(`${table} ${printable(chain.name)} rule ${number}`), dim(`  ${positionText(rule)}`)],
    [dim(`  -A ${printable(chain.name)} ${printable(ruleText(rule))}`)],
    ...(remark === undefined ? [] : [[dim(`  # ${printable(remark)}`)]]),
    [],
    ...paragraph(`${capital(ruleSentence(rule, standing, next, chains))}.`, width, MARGIN),
    ...rateNotes(rule, ruleTraffic(rule, standing)).flatMap(note => paragraph(note, width, MARGIN)),
    ...(detail ? detailNotes(explained, rule, detail) : []).flatMap(note => paragraph(note, width, MARGIN)),
    ...paragraph(afterwards(explained, number, rule), width, MARGIN),
    ...(detail ? servedLines(detail.served, width) : []),
  ];
}

/** Where packets go on that the rule does not decide on. */
function afterwards({ family, table, chain, chains }: ExplainedChain, number: number, rule: Rule): string {
  const standing = { family, table, hook: chain.hook, policy: chain.policy };
  const next = nextOf(chain, number);
  const action = rule.target?.action;
  const ends = action !== undefined && (isVerdict(action) || action.do === "return" || action.do === "goto");
  if (ends && isUnconditional(rule))
    return next.to === "rule" ? `No packet gets from here to rule ${next.number}.` : "No packet gets past it.";
  const subject = ends
    ? "What does not match"
    : action?.do === "jump"
      ? "What does not match, or comes back,"
      : "Whether it matches or not, a packet";
  const following = next.to === "rule" ? chain.rules[next.number - 1] : undefined;
  const which = following ? `, which ${ruleSentence(following, standing, nextOf(chain, number + 1), chains)}` : "";
  return `${nextText(next, subject)}${which}.`;
}

const useText = ({ chain, number }: ListUse): string => `${chain} rule ${number}`;

/** Rules that are named at most, and sequences and lists that are told. */
const MOST_USES = 8;
const MOST_TOLD = 40;

/** Lists of addresses that rules fill and ask, and the sequences of packets that open something. */
export function listLines(lists: readonly AddressList[], sequences: readonly Knock[], family: Family, width: number): Line[] {
  if (lists.length === 0) return [];
  const lines: Line[] = [[strong("lists of addresses")]];
  for (const { name, uses } of lists.slice(0, MOST_TOLD)) {
    const places = (modes: readonly string[]): string =>
      both(atMost([...new Set(uses.filter(({ asks }) => modes.includes(asks.mode)).map(useText))], MOST_USES));
    const said = [
      ["filled by", places(["set"])],
      ["asked by", places(["rcheck", "update"])],
      ["emptied by", places(["remove"])],
    ].filter(([, where]) => where !== "");
    const told = said.map(([what, where]) => `${what} ${where}`).join("; ");
    lines.push(...paragraph(`${name}: ${told}${places(["set"]) === "" ? "; no rule puts an address on it" : ""}`, width, MARGIN));
  }
  if (lists.length > MOST_TOLD) lines.push([dim(`  … and ${lists.length - MOST_TOLD} more lists`)]);
  for (const knock of sequences.slice(0, MOST_TOLD)) lines.push(...paragraph(knockText(knock, family), width, MARGIN));
  return lines;
}

function knockText({ opens, steps, strict }: Knock, family: Family): string {
  const traffic = ({ rule, table }: Pick<ListUse, "rule" | "table">): string => ruleTraffic(rule, { family, table }).text;
  const sequence = steps.map((step, index) => `${index + 1}. ${traffic(step)} (${useText(step)})`).join(", ");
  const reset =
    strict.length > 0
      ? ` Another packet in between that gets to these rules takes the address off the list${strict.length > 1 ? "s" : ""} ${both(strict)}, and it has to start again.`
      : "";
  const once = strict.includes(steps.at(-1)?.asks.list ?? "")
    ? " It is taken off the last list then: the further packets of its connection need a rule of their own, such as one for ESTABLISHED."
    : "";
  return `${opens.chain} rule ${opens.number} accepts ${traffic(opens)} only after the same address has sent, in this order: ${sequence}.${reset}${once}`;
}
