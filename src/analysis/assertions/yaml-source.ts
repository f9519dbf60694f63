import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { closest } from "../../packet/index.ts";
import type { AssertionFault, FilePlace, PlacedText } from "./assertion.ts";

/** More faults than these are not told. */
const FAULTS_MAX = 20;
/** Characters. */
const FILE_MAX = 4_000_000;

/** An entry of a map: where its key stands, and its value. */
export interface Entry {
  readonly key: string;
  readonly at: FilePlace;
  readonly value: Node | undefined;
}

/** A YAML text that is read with places, and what was found wrong with it. */
export class YamlSource {
  readonly faults: AssertionFault[] = [];
  readonly root: Node | undefined;
  private readonly file: string;
  private readonly text: string;
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    if (text.length > FILE_MAX) {
      this.complainAt(0, 0, `the file has more than ${FILE_MAX} characters`);
      return;
    }
    // Keys that occur twice are found here: yaml compares each with each.
    this.document = parseDocument(text, { lineCounter: this.lines, uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
    for (const { message, pos } of this.document.errors) this.complainAt(pos[0], pos[1], message);
    if (this.document.errors.length === 0) this.root = this.document.contents ?? undefined;
  }

  /** The place of some characters of the file; the end of the first line where there are several. */
  placeAt(start: number, end: number): FilePlace {
    const { line, col } = this.lines.linePos(start);
    const newline = this.text.indexOf("\n", start);
    const last = Math.min(Math.max(end, start + 1), newline < 0 ? Infinity : Math.max(newline, start + 1));
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), endColumn: Math.max(col, 1) + last - start };
  }

  place(node: Node | undefined): FilePlace {
    const [start, end] = node?.range ?? [0, 0];
    return this.placeAt(start, end);
  }

  complainAt(start: number, end: number, message: string, guess?: string): undefined {
    this.add({ ...this.placeAt(start, end), message, guess });
  }

  complain(node: Node | undefined, message: string, guess?: string): undefined {
    this.add({ ...this.place(node), message, guess });
  }

  add(fault: AssertionFault): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push(fault);
  }

  /** What an alias stands for. */
  private meant(node: Node | undefined): Node | undefined {
    return isAlias(node) && this.document ? (node.resolve(this.document) as Node | undefined) : node;
  }

  /** The entries of a map; complains of other things, of keys twice, and of keys that are not `known` where these are given. */
  entries(node: Node | undefined, known?: readonly string[]): ReadonlyMap<string, Entry> {
    const map = this.meant(node);
    const found = new Map<string, Entry>();
    if (!isMap(map)) {
      this.complain(node, `expected keys and values, found ${this.phrase(map)}`);
      return found;
    }
    for (const pair of map.items) {
      const keyNode = pair.key as Node;
      const key = isScalar(keyNode) && typeof keyNode.value === "string" ? keyNode.value : undefined;
      const at = this.place(keyNode);
      if (key === undefined) this.complain(keyNode, "a key is a text");
      else if (found.has(key)) this.complain(keyNode, `${JSON.stringify(key)} is said twice`);
      else if (known && !known.includes(key))
        this.complain(keyNode, `unknown key ${shownKey(key)}; known are ${known.join(", ")}`, closest(key, known));
      else found.set(key, { key, at, value: (pair.value as Node | null) ?? undefined });
    }
    return found;
  }

  /** The items of a list; a single value stands for a list of one where `lone` is set. */
  items(node: Node | undefined, lone = false): readonly Node[] {
    const list = this.meant(node);
    if (isSeq(list)) return list.items as Node[];
    if (lone && list !== undefined) return [list];
    this.complain(node, `expected a list, found ${this.phrase(list)}`);
    return [];
  }

  /** A text, with its place; numbers are taken as they are written. */
  words(node: Node | undefined, what: string): PlacedText | undefined {
    const scalar = this.meant(node);
    const value = isScalar(scalar) ? (typeof scalar.value === "number" ? scalar.source : scalar.value) : undefined;
    if (scalar === undefined || typeof value !== "string" || value.trim() === "")
      return this.complain(node, `expected ${what}, found ${this.phrase(scalar)}`);
    const [start, end] = scalar.range ?? [0, 0];
    return {
      text: value,
      place: ({ start: first, end: last, message, guess }) => {
        const from = this.sourceOf(value, first, start, end);
        const until = first < last ? this.sourceOf(value, last - 1, start, end) : from;
        const found = from !== undefined && until !== undefined;
        return { ...(found ? this.placeAt(from, first < last ? until + 1 : from) : this.placeAt(start, end)), message, guess };
      },
    };
  }

  /**
   * Where a character of a scalar's value stands in the file. Quotes, the head of a block, indentation and line breaks come between; where the
   * value is spelt otherwise, with escapes, it is undefined.
   */
  private sourceOf(value: string, offset: number, start: number, end: number): number | undefined {
    let at = start;
    const opening = this.text[at];
    if (opening === "|" || opening === ">") at = this.text.indexOf("\n", at);
    else if (opening === '"' || opening === "'") at++;
    for (let index = 0; index < value.length; index++) {
      if (isBlank(value[index])) continue;
      while (at < end && isBlank(this.text[at])) at++;
      if (index >= offset) break;
      if (this.text[at] !== value[index]) return undefined;
      at++;
    }
    return at < end || offset >= value.length ? at : undefined;
  }

  /** True; complains of anything else. */
  yes(node: Node | undefined): void {
    const scalar = this.meant(node);
    if (!isScalar(scalar) || scalar.value !== true) this.complain(node, `expected true, found ${this.phrase(scalar)}`);
  }

  isMap(node: Node): boolean {
    return isMap(this.meant(node));
  }

  /** What a node is, for messages. */
  private phrase(node: Node | undefined): string {
    if (isMap(node)) return "keys and values";
    if (isSeq(node)) return "a list";
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === "string") return value.trim() === "" ? "nothing" : shownKey(value);
    return value === null || value === undefined ? "nothing" : shownKey(`${value as string | number | boolean}`);
  }
}

const isBlank = (letter: string | undefined): boolean => letter === " " || letter === "\n" || letter === "\t" || letter === "\r";

const shownKey = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
