import type { Failed, Report } from "./report.ts";

/** Bytes of a set's name. Kernel: IPSET_MAXNAMELEN less the byte that ends it. */
export const SETNAME_MAX = 31;

/** A set's name, if it is not too long. libipset: parse.c, ipset_parse_setname. */
export function checkSetName(report: Report, name: string): Failed | undefined {
  return byteLength(name) > SETNAME_MAX ? report.syntax(`setname '${name}' is longer than ${SETNAME_MAX} characters`) : undefined;
}

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

