import { u16, u8 } from "../../packet/index.ts";

/** One element that is looked for: its tag byte, and what becomes of it. */
export interface Element {
  readonly tag: number;
  /** What its contents must be; a leaf has none. */
  readonly inside?: Shape;
  /** Told where a leaf's contents are; false refuses the message. */
  found?(at: number, length: number): boolean;
}

/** One of several elements; at the end of what they are in, none need be there, and elsewhere none if it is optional. */
interface Choice {
  readonly oneOf: readonly Element[];
  readonly optional?: boolean;
}

/** Elements one after another, or at least one of a kind. */
export type Shape = { readonly all: readonly (Element | Choice)[] } | { readonly many: Element };

const CONSTRUCTED = 0x20;
const LONG_TAG = 0x1f;

/** A tag and length that were read: contents from `at` on. */
interface Head {
  readonly at: number;
  readonly length: number;
}

/**
 * Reads an element in ASN.1's basic encoding rules with definite lengths of at most two bytes; false when it has not the shape. What
 * follows it is not looked at (lib/asn1_decoder.c, asn1_ber_decoder).
 */
export function readBer(bytes: Uint8Array, at: number, end: number, element: Element): boolean {
  return readElement(bytes, at, end, element) !== undefined;
}

/** Where it ends; undefined when it is not there or is wrong. */
function readElement(bytes: Uint8Array, at: number, end: number, element: Element): number | undefined {
  if (!matches(bytes, at, end, element)) return undefined;
  const head = readHead(bytes, at, end);
  if (head === undefined) return undefined;
  const stop = head.at + head.length;
  if (element.inside !== undefined) return readShape(bytes, head.at, stop, element.inside) ? stop : undefined;
  return element.found === undefined || element.found(head.at, head.length) ? stop : undefined;
}

/** A constructed element's tag may lack the mark that it is one. */
function matches(bytes: Uint8Array, at: number, end: number, { tag }: Element): boolean {
  if (end - at < 2) return false;
  const found = u8(bytes, at);
  return (found & LONG_TAG) !== LONG_TAG && ((found ^ tag) & ~(tag & CONSTRUCTED)) === 0;
}

function readHead(bytes: Uint8Array, at: number, end: number): Head | undefined {
  const first = u8(bytes, at + 1);
  const more = first > 0x7f ? first - 0x80 : 0;
  // No further byte would mean a length that only an end mark tells.
  if (first > 0x7f && (more === 0 || more > 2 || at + 2 + more > end)) return undefined;
  const length = more === 0 ? first : more === 1 ? u8(bytes, at + 2) : u16(bytes, at + 2);
  const start = at + 2 + more;
  return length > end - start ? undefined : { at: start, length };
}

function readShape(bytes: Uint8Array, start: number, stop: number, shape: Shape): boolean {
  let at = start;
  if ("many" in shape) {
    do {
      const next = readElement(bytes, at, stop, shape.many);
      if (next === undefined) return false;
      at = next;
    } while (at < stop);
    return true;
  }
  for (const part of shape.all) {
    if ("oneOf" in part && at === stop) break;
    const element = "oneOf" in part ? part.oneOf.find(one => matches(bytes, at, stop, one)) : part;
    if (element === undefined && "optional" in part) continue;
    const next = element && readElement(bytes, at, stop, element);
    if (next === undefined) return false;
    at = next;
  }
  return at === stop;
}
