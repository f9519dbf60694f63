import { byteAt, says } from "../text.ts";

const CR = 0x0d;
const LF = 0x0a;

export const isLineEnd = (byte: number): boolean => byte === CR || byte === LF;
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09;

/** The offset behind a line end, CR LF counted as one; undefined at the limit. */
export function nextLine(bytes: Uint8Array, at: number, limit: number): number | undefined {
  const next = byteAt(bytes, at) === CR && byteAt(bytes, at + 1) === LF && at + 1 < limit ? at + 2 : at + 1;
  return next < limit ? next : undefined;
}

/** Does a line that begins here only continue the header before it? */
export const continues = (bytes: Uint8Array, at: number): boolean => isBlank(byteAt(bytes, at));

/** Where the text of a header goes on behind a line end; undefined when the header is over (nf_conntrack_sip.c, sip_follow_continuation). */
function follow(bytes: Uint8Array, at: number, limit: number): number | undefined {
  let next = nextLine(bytes, at, limit);
  if (next === undefined || !continues(bytes, next)) return undefined;
  while (next < limit && isBlank(byteAt(bytes, next))) next++;
  return next;
}

/** Skips blanks, and one line end that a continuation follows (sip_skip_whitespace). */
export function skipBlanks(bytes: Uint8Array, at: number, limit: number): number | undefined {
  let next = at;
  while (next < limit && isBlank(byteAt(bytes, next))) next++;
  return next < limit && isLineEnd(byteAt(bytes, next)) ? follow(bytes, next, limit) : next;
}

/**
 * Where a text, given in lower case, stands in the header that goes on at `at`. The last place before the limit where it would fit is
 * not looked at (ct_sip_header_search).
 */
export function findInHeader(bytes: Uint8Array, from: number, end: number, text: Uint8Array): number | undefined {
  const limit = end - text.length;
  let at: number | undefined = from;
  while (at !== undefined && at < limit) {
    if (isLineEnd(byteAt(bytes, at))) at = follow(bytes, at, limit);
    else if (says(bytes, at, text)) return at;
    else at++;
  }
  return undefined;
}
