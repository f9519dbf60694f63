import { faultAt, MAX_FAULTS, type HostFault, type NamedText } from "./fault.ts";
import type { JsonEntry, JsonNode } from "./json-text.ts";

/** A JSON document being read, and what was found wrong with it so far. */
export interface Reading {
  readonly source: NamedText;
  readonly faults: HostFault[];
}

/** Says what is wrong with a value. */
export function complain(
  { source, faults }: Reading,
  { start, end }: { readonly start: number; readonly end: number },
  message: string,
): undefined {
  if (faults.length < MAX_FAULTS) faults.push(faultAt(source, start, end, message));
  return undefined;
}

type Members = ReadonlyMap<string, JsonEntry>;

/** The members of an object; complains about keys that are not `known`, if these are given. */
export function members(reading: Reading, node: JsonNode, known?: readonly string[]): Members | undefined {
  if (node.is !== "object") return complain(reading, node, `expected an object, found ${phrase(node)}`);
  if (known)
    for (const [key, { start }] of node.entries)
      if (!known.includes(key))
        complain(reading, { start, end: start + key.length + 2 }, `unknown key ${JSON.stringify(key)}; known are ${known.join(", ")}`);
  return node.entries;
}

/** The items of a list; none where it is missing. */
export function items(reading: Reading, node: JsonNode | undefined): readonly JsonNode[] {
  if (node === undefined) return [];
  if (node.is === "array") return node.items;
  complain(reading, node, `expected a list, found ${phrase(node)}`);
  return [];
}

/** A text. */
export function text(reading: Reading, node: JsonNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  return node.is === "string" ? node.value : complain(reading, node, `expected a text in quotes, found ${phrase(node)}`);
}

/** A whole number from 0 to `max`. */
export function count(reading: Reading, node: JsonNode | undefined, max: number): number | undefined {
  if (node === undefined) return undefined;
  if (node.is === "number" && Number.isInteger(node.value) && node.value >= 0 && node.value <= max) return node.value;
  return complain(reading, node, `expected a whole number from 0 to ${max}, found ${phrase(node)}`);
}

/** A whole number of either sign, exact. */
export function integer(reading: Reading, node: JsonNode | undefined): number | undefined {
  if (node === undefined) return undefined;
  if (node.is === "number" && Number.isSafeInteger(node.value)) return node.value;
  return complain(reading, node, `expected a whole number, found ${phrase(node)}`);
}

/** true or false. */
export function flag(reading: Reading, node: JsonNode | undefined): boolean | undefined {
  if (node === undefined) return undefined;
  return node.is === "boolean" ? node.value : complain(reading, node, `expected true or false, found ${phrase(node)}`);
}

/** One of a few words. */
export function word<const W extends string>(reading: Reading, node: JsonNode | undefined, words: readonly W[]): W | undefined {
  const given = text(reading, node);
  if (node === undefined || given === undefined) return undefined;
  return words.find(each => each === given) ?? complain(reading, node, `expected ${words.join(", ")}, found ${JSON.stringify(given)}`);
}

/** A text that `read` understands; `what` says what it should have been: `an address`. */
export function parsed<T>(
  reading: Reading,
  node: JsonNode | undefined,
  what: string,
  read: (given: string) => T | undefined,
): T | undefined {
  const given = text(reading, node);
  if (node === undefined || given === undefined) return undefined;
  return read(given) ?? complain(reading, node, `${JSON.stringify(given)} is not ${what}`);
}

function phrase(node: JsonNode): string {
  switch (node.is) {
    case "object":
      return "an object";
    case "array":
      return "a list";
    case "string":
      return JSON.stringify(node.value.length > 40 ? `${node.value.slice(0, 40)}…` : node.value);
    case "number":
    case "boolean":
      return String(node.value);
    case "null":
      return "null";
  }
}
