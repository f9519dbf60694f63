/** Every kind of finding, by code. */
import type { FindingKind } from "../kind.ts";
import { EXPOSURE_KINDS } from "./exposure.ts";
import { NAT_KINDS } from "./nat.ts";
import { ORDER_KINDS } from "./order.ts";
import { SESSION_KINDS } from "./sessions.ts";
import { WRITING_KINDS } from "./writing.ts";

/** All kinds, F01 first. */
export const FINDING_KINDS: readonly FindingKind[] = [
  ...ORDER_KINDS,
  ...EXPOSURE_KINDS,
  ...NAT_KINDS,
  ...SESSION_KINDS,
  ...WRITING_KINDS,
].toSorted((a, b) => (a.code < b.code ? -1 : 1));

const byCode: ReadonlyMap<string, FindingKind> = new Map(FINDING_KINDS.map(kind => [kind.code, kind]));

/** The kind with that code, in either case; undefined for a code that nothing has. */
export const findKind = (code: string): FindingKind | undefined => byCode.get(code.toUpperCase());
