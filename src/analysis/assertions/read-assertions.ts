import type { Node } from "yaml";
import type { Family } from "../../predicate/index.ts";
import { isQuestionFault, type QuestionFault } from "../question/question.ts";
import { readQuestion } from "../question/read-question.ts";
import { wordsOf, type Variables, type Word } from "../question/words.ts";
import { PATHS, type Path } from "../witness.ts";
import {
  WISHES,
  type Assertion,
  type AssertionFault,
  type AssertionFile,
  type Claim,
  type PlacedQuestion,
  type PlacedText,
} from "./assertion.ts";
import { readInvariant } from "./read-invariant.ts";
import { YamlSource, type Entry } from "./yaml-source.ts";

/** A file of assertions, unless something was wrong with it. */
export type AssertionReading =
  | { readonly value: AssertionFile; readonly faults: readonly [] }
  | { readonly value: undefined; readonly faults: readonly AssertionFault[] };

const FILES = ["rules", "v6", "host", "ipset", "resolve"] as const;
/** The keys of a file. */
const KEYS: readonly string[] = [...FILES, "vars", "assert"];
const CLAIMS: readonly string[] = [...WISHES, "no strays", "equal to", "no finding", "at most", "invariant"];
/** The keys of an assertion. */
const ASSERTION_KEYS: readonly string[] = ["name", "path", "family", ...CLAIMS];

/** Reads a file of assertions (share/ferrule-test.schema.json); every fault has its place. */
export function readAssertions(file: string, text: string): AssertionReading {
  const source = new YamlSource(file, text);
  const value = source.faults.length === 0 ? readFile(source) : undefined;
  return value && source.faults.length === 0 ? { value, faults: [] } : { value: undefined, faults: source.faults };
}

function readFile(source: YamlSource): AssertionFile {
  const found = source.entries(source.root, KEYS);
  const variables = readVariables(source, found.get("vars")?.value);
  const assert = found.get("assert");
  if (assert === undefined) source.complain(source.root, "the list of assertions is missing: `assert:`", "assert");
  const assertions = (assert === undefined ? [] : source.items(assert.value)).flatMap(item => readAssertion(source, item, variables) ?? []);
  if (assert !== undefined && assertions.length === 0 && source.faults.length === 0)
    source.complain(assert.value, "there are no assertions");
  const [rules, v6, host, ipset, resolve] = FILES.map(key => {
    const entry = found.get(key);
    return entry && source.words(entry.value, "a file's name");
  });
  return { rules, v6, host, ipset, resolve, variables, assertions };
}

/** Variables in the order of the file: each may use those before it. */
function readVariables(source: YamlSource, node: Node | undefined): Variables {
  const variables = new Map<string, readonly Word[]>();
  if (node === undefined) return variables;
  for (const { key, at, value } of source.entries(node).values()) {
    const name = key.startsWith("$") ? key.slice(1) : key;
    if (![...name].every(isNameLetter) || name === "")
      source.add({ ...at, message: "a variable's name has letters, digits, - and _ only" });
    const text = source.words(value, "what the variable stands for");
    const words = text && wordsOf(text.text, variables);
    if (text && words && "message" in words) source.add(text.place(words));
    else if (words) variables.set(name, words as readonly Word[]);
  }
  return variables;
}

const isNameLetter = (letter: string): boolean =>
  ("a" <= letter && letter <= "z") ||
  ("A" <= letter && letter <= "Z") ||
  ("0" <= letter && letter <= "9") ||
  letter === "-" ||
  letter === "_";

function readAssertion(source: YamlSource, node: Node, variables: Variables): Assertion | undefined {
  const at = source.place(node);
  if (!source.isMap(node)) {
    const text = source.words(node, "an assertion");
    if (text === undefined) return undefined;
    if (text.text === "no strays") return { name: text.text, at, paths: undefined, family: undefined, claim: { is: "no strays" } };
    const word = CLAIMS.find(claim => text.text.startsWith(`${claim} `));
    return source.complain(
      node,
      "expected an assertion, as `allow: from any to self tcp 22`",
      word && `${word}: ${text.text.slice(word.length + 1)}`,
    );
  }
  const found = source.entries(node, ASSERTION_KEYS);
  const claims = CLAIMS.flatMap(claim => found.get(claim) ?? []);
  const [entry, second] = claims;
  if (second) source.add({ ...second.at, message: `an assertion makes one claim: not both ${entry?.key} and ${second.key}` });
  if (entry === undefined) return source.complain(node, `an assertion needs one of ${CLAIMS.join(", ")}`);
  const claim = readClaim(source, entry, variables);
  const name = found.has("name") ? source.words(found.get("name")?.value, "a name")?.text : claim && nameOf(claim);
  const paths = found.has("path") ? readPaths(source, found.get("path")?.value) : undefined;
  const family = found.has("family") ? readFamily(source, found.get("family")?.value) : undefined;
  return claim && name !== undefined ? { name, at, paths, family, claim } : undefined;
}

function readClaim(source: YamlSource, { key, value }: Entry, variables: Variables): Claim | undefined {
  const wish = WISHES.find(each => each === key);
  if (wish) {
    const asked = placedQuestion(source, value, variables);
    return asked && { is: wish, asked };
  }
  switch (key) {
    case "no strays":
      source.yes(value);
      return { is: "no strays" };
    case "equal to": {
      const file = source.words(value, "a file's name");
      return file && { is: "equal to", file };
    }
    case "no finding":
      return { is: "no finding", codes: some(source, value).flatMap(item => readCode(source, item) ?? []) };
    case "at most":
      return { is: "at most", asked: some(source, value).flatMap(item => placedQuestion(source, item, variables) ?? []) };
    default: {
      const written = source.words(value, "a condition, as `out != tun0 implies drop`");
      const invariant = written && readPlaced(source, written, () => readInvariant(written.text, variables));
      return written && invariant && { is: "invariant", written, invariant };
    }
  }
}

/** The items of a list that must have some. */
function some(source: YamlSource, node: Node | undefined): readonly Node[] {
  const items = source.items(node, true);
  if (items.length === 0) source.complain(node, "the list is empty");
  return items;
}

function placedQuestion(source: YamlSource, node: Node | undefined, variables: Variables): PlacedQuestion | undefined {
  const written = source.words(node, "a question, as `from any to self tcp 22`");
  const question = written && readPlaced(source, written, () => readQuestion(written.text, variables));
  return written && question && { written, question };
}

function readPlaced<T extends object>(source: YamlSource, written: PlacedText, read: () => T | QuestionFault): T | undefined {
  const result = read();
  if (!isQuestionFault(result)) return result;
  source.add(written.place(result));
  return undefined;
}

/** `F07`, or `any` for all that count. */
function readCode(source: YamlSource, node: Node): string | undefined {
  const code = source.words(node, "the code of a finding, as F07")?.text.toUpperCase();
  if (code === undefined || code === "ANY") return code?.toLowerCase();
  const [letter, tens = "", ones = ""] = code;
  const right = code.length === 3 && letter === "F" && isDigit(tens) && isDigit(ones) && code !== "F00";
  return right ? code : source.complain(node, "expected the code of a finding, as F07, or any");
}

const isDigit = (letter: string): boolean => "0" <= letter && letter <= "9";

function readPaths(source: YamlSource, node: Node | undefined): readonly Path[] {
  return some(source, node).flatMap(item => {
    const text = source.words(item, PATHS.join(", "))?.text;
    const path = PATHS.find(each => each === text);
    if (text !== undefined && path === undefined)
      source.complain(item, `expected ${PATHS.join(", ")}, found ${JSON.stringify(text.slice(0, 40))}`);
    return path ?? [];
  });
}

function readFamily(source: YamlSource, node: Node | undefined): Family | undefined {
  const text = source.words(node, "4 or 6")?.text;
  if (text === "4" || text === "6") return text === "4" ? 4 : 6;
  return text === undefined ? undefined : source.complain(node, "expected 4 or 6");
}

/** What an assertion without a name is called. */
function nameOf(claim: Claim): string {
  switch (claim.is) {
    case "no strays":
      return claim.is;
    case "equal to":
      return `equal to ${claim.file.text}`;
    case "no finding":
      return `no finding ${claim.codes.join(", ")}`;
    case "at most":
      return `at most ${claim.asked.length === 1 ? claim.asked[0]?.written.text : `${claim.asked.length} kinds of sessions`}`;
    case "invariant":
      return claim.written.text;
    default:
      return `${claim.is} ${claim.asked.written.text}`;
  }
}
