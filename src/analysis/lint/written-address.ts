import { parseIpv4Aton, parseIpv6, parseMask4, parseMask6, prefix4, prefix6, printAddress } from "../../packet/index.ts";
import type { Family } from "../../predicate/index.ts";
import { printAddressTest, ruleText } from "../../ruleset/index.ts";
import { wordsOf, type Word } from "../../syntax/index.ts";
import { UsageError } from "../../xtables/index.ts";
import type { Finding, Severity } from "../finding.ts";
import { found } from "./found.ts";
import { placedRules, rulePointer, sourceLine, type Placed, type Subject } from "./subject.ts";

/** F18 and F33: addresses that are names, and addresses that are not what is written. Each line of a file counts once. */
export function writtenAddresses(subject: Subject): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const placed of placedRules(subject.ruleset)) {
    const { source, destination } = placed.rule.header;
    if (source === undefined && destination === undefined) continue;
    const { file, line } = placed.rule.at;
    const key = `${line} ${file}`;
    if (line > 0 && seen.has(key)) continue;
    seen.add(key);
    const text = sourceLine(subject, placed.rule.at);
    const written = text === undefined ? [] : writtenIn(text);
    for (const remark of written.length > 0 ? written.flatMap(address => remarkOn(address, subject.family)) : keptNames(placed))
      findings.push(finding(subject.family, placed, remark));
  }
  return findings;
}

interface Remark {
  readonly code: "F18" | "F33";
  readonly severity?: Severity;
  readonly message: string;
}

function finding(family: Family, placed: Placed, { code, severity, message }: Remark): Finding {
  const at = rulePointer(family, placed);
  const { table, chain, number, rule } = placed;
  return found(code, at, message, {
    ...(severity && { severity }),
    fix:
      code === "F33"
        ? { about: "write what it means", edits: [{ do: "replace", table, chain: chain.name, number, rule: ruleText(rule) }] }
        : undefined,
  });
}

const OPTIONS = new Set(["-s", "--source", "--src", "-d", "--destination", "--dst"]);

/** The addresses after -s and -d in a rule's line. */
function writtenIn(line: string): string[] {
  const words = cut(line);
  const found: string[] = [];
  for (const [index, { text }] of words.entries()) {
    if (!OPTIONS.has(text)) continue;
    const next = words[index + 1]?.text === "!" ? words[index + 2] : words[index + 1];
    for (const part of next?.text.split(",") ?? []) found.push(part.trim());
  }
  return found;
}

function cut(line: string): readonly Word[] {
  try {
    return wordsOf(line);
  } catch (fault) {
    if (fault instanceof UsageError) return [];
    throw fault;
  }
}

/** What there is to say of one address as it is written. */
function remarkOn(text: string, family: Family): Remark[] {
  const slash = text.lastIndexOf("/");
  const host = slash < 0 ? text : text.slice(0, slash);
  const length = slash < 0 ? undefined : text.slice(slash + 1);
  return family === 4 ? remarkOn4(text, host, length) : remarkOn6(text, host, length);
}

function remarkOn4(text: string, host: string, length: string | undefined): Remark[] {
  const mask = length === undefined ? 0xffffffff : parseMask4(length);
  if (mask === undefined || mask === 0) return [];
  const read = parseIpv4Aton(host);
  if (!read) return isName(host) ? [nameRemark(host)] : [];
  const { address } = prefix4(read.address, mask);
  const remarks: Remark[] = [];
  if (read.octal)
    remarks.push({
      code: "F33",
      severity: "error",
      message: `${host} has parts that begin with 0, which are octal: it means ${printAddress(read.address)}`,
    });
  else if (read.short && length === undefined)
    remarks.push({ code: "F33", severity: "error", message: `${host} is short of four parts: it means ${printAddress(read.address)}` });
  if (address !== read.address)
    remarks.push({
      code: "F33",
      message: `${text} has bits outside its mask: it means the whole network ${printAddressTest({ address, mask, invert: false })}`,
    });
  return remarks;
}

function remarkOn6(text: string, host: string, length: string | undefined): Remark[] {
  const mask = length === undefined ? (1n << 128n) - 1n : parseMask6(length);
  if (mask === undefined || mask === 0n) return [];
  const read = parseIpv6(host);
  if (read === undefined) return isName(host) ? [nameRemark(host)] : [];
  const { address } = prefix6(read, mask);
  return address === read
    ? []
    : [
        {
          code: "F33",
          message: `${text} has bits outside its mask: it means the whole network ${printAddressTest({ address, mask, invert: false })}`,
        },
      ];
}

/** Names that were not looked up are in the rule, also where its text is not at hand. */
const keptNames = ({ rule: { header } }: Placed): Remark[] =>
  [header.source, header.destination].flatMap(test => (test?.name === undefined ? [] : [nameRemark(test.name)]));

const nameRemark = (name: string): Remark => ({
  code: "F18",
  message: `${name} is looked up once, when the rule is loaded; its address then stays until the next load`,
});

const isName = (host: string): boolean => [...host].some(letter => (letter >= "a" && letter <= "z") || (letter >= "A" && letter <= "Z"));
