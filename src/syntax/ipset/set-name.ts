import type { Failed, Report } from "./report.ts";

/** Bytes of a set's name. Kernel: IPSET_MAXNAMELEN less the byte that ends it. */
export const SETNAME_MAX = 31;

/** A set's name, if it is not too long. libipset: parse.c, ipset_parse_setname. */
export function checkSetName(report: Report, name: string): Failed | undefined {
  return byteLength(name) > SETNAME_MAX ? report.syntax(`setname '${name}' is longer than ${SETNAME_MAX} characters`) : undefined;
}

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // A surrogate pair is four bytes: two for each half.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}
