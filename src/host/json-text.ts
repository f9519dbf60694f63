/** A JSON value with its place in the text: `start` and `end` are offsets, the end exclusive. */
export type JsonNode =
  | { readonly is: "object"; readonly entries: ReadonlyMap<string, JsonEntry>; readonly start: number; readonly end: number }
  | { readonly is: "array"; readonly items: readonly JsonNode[]; readonly start: number; readonly end: number }
  | { readonly is: "string"; readonly value: string; readonly start: number; readonly end: number }
  | { readonly is: "number"; readonly value: number; readonly start: number; readonly end: number }
  | { readonly is: "boolean"; readonly value: boolean; readonly start: number; readonly end: number }
  | { readonly is: "null"; readonly start: number; readonly end: number };

/** A member of an object; `start` is where its key stands. */
export interface JsonEntry {
  readonly value: JsonNode;
  readonly start: number;
}

/** Where a text stops being JSON, and why. */
export interface JsonFault {
  readonly at: number;
  readonly message: string;
}

/** Deeper nesting is refused. */
const MAX_DEPTH = 64;

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

class Unreadable extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Every JSON document of a text, one after the other, as `cat` joins what several commands printed. RFC 8259, but a key may stand only once. */
export function parseJsonTexts(text: string): readonly JsonNode[] | JsonFault {
  const documents: JsonNode[] = [];
  try {
    for (let at = skip(text, text.startsWith("\ufeff") ? 1 : 0); at < text.length; at = skip(text, documents.at(-1)?.end ?? text.length))
      documents.push(value(text, at, 0));
  } catch (fault) {
    if (fault instanceof Unreadable) return { at: fault.at, message: fault.message };
    throw fault;
  }
  return documents;
}

function skip(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

function scan(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function value(text: string, at: number, depth: number): JsonNode {
  if (depth > MAX_DEPTH) throw new Unreadable(at, `nested deeper than ${MAX_DEPTH} levels`);
  const first = text[at];
  if (first === "{") return object(text, at, depth);
  if (first === "[") return array(text, at, depth);
  if (first === '"') return string(text, at);
  const number = scan(NUMBER, text, at);
  if (number !== undefined) return { is: "number", value: Number(number), start: at, end: at + number.length };
  const word = scan(WORD, text, at);
  if (word === "null") return { is: "null", start: at, end: at + 4 };
  if (word !== undefined) return { is: "boolean", value: word === "true", start: at, end: at + word.length };
  throw new Unreadable(
    at,
    at >= text.length ? "the text ends here, in the middle of a value" : `no JSON value starts with ${JSON.stringify(first)}`,
  );
}

function string(text: string, at: number): JsonNode & { readonly is: "string" } {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  try {
    return { is: "string", value: JSON.parse(text.slice(at, end + 1)) as string, start: at, end: end + 1 };
  } catch {
    throw new Unreadable(at, "a text in quotes that is not closed, or has a control character or an unknown escape in it");
  }
}

function array(text: string, start: number, depth: number): JsonNode {
  const items: JsonNode[] = [];
  let at = skip(text, start + 1);
  if (text[at] === "]") return { is: "array", items, start, end: at + 1 };
  for (;;) {
    const item = value(text, at, depth + 1);
    items.push(item);
    at = skip(text, item.end);
    if (text[at] === "]") return { is: "array", items, start, end: at + 1 };
    if (text[at] !== ",") throw new Unreadable(at, "expected a comma or the end of the list");
    at = skip(text, at + 1);
  }
}

function object(text: string, start: number, depth: number): JsonNode {
  const entries = new Map<string, JsonEntry>();
  let at = skip(text, start + 1);
  if (text[at] === "}") return { is: "object", entries, start, end: at + 1 };
  for (;;) {
    if (text[at] !== '"') throw new Unreadable(at, "expected a key in quotes");
    const key = string(text, at);
    if (entries.has(key.value)) throw new Unreadable(at, `the key ${JSON.stringify(key.value)} stands here twice`);
    at = skip(text, key.end);
    if (text[at] !== ":") throw new Unreadable(at, "expected a colon after the key");
    const member = value(text, skip(text, at + 1), depth + 1);
    entries.set(key.value, { value: member, start: key.start });
    at = skip(text, member.end);
    if (text[at] === "}") return { is: "object", entries, start, end: at + 1 };
    if (text[at] !== ",") throw new Unreadable(at, "expected a comma or the end of the object");
    at = skip(text, at + 1);
  }
}
