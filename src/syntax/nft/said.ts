import type { Family, Field, Range, Scalar } from "../../predicate/index.ts";
import type { SetWords } from "./set-words.ts";

/** What is certain of a packet before a test is asked. */
export interface Known {
  /** Bytes of transport header that are there; -1 when not even the protocol is. */
  readonly transport: number;
  readonly connection: boolean;
  readonly own: ReadonlySet<Field>;
}

/** Where a test stands. */
export interface Scene {
  readonly family: Family;
  /** Number of the protocol that the term asks for. */
  readonly protocol: number | undefined;
  /** Tracking is on, so that no fragment comes this far. */
  readonly whole: boolean;
  /** The term excludes later fragments. */
  readonly first: boolean;
  readonly known: Known;
  readonly sets: SetWords;
}

/**
 * A literal in nft's words. `match` holds exactly when its text matches; `unless` exactly when none of its texts does.
 * `loads` says what is certain when the text matches, `protocol` which protocol it demands by itself.
 */
export type Said =
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | {
      readonly kind: "match";
      readonly text: string;
      readonly loads?: Field | "transport" | "connection";
      readonly protocol?: number;
      readonly stateful?: boolean;
      /** Says nothing that another text with the same load does not. */
      readonly onlyLoads?: boolean;
    }
  | { readonly kind: "unless"; readonly texts: readonly string[] };

/** Holds for every packet. */
export const ALWAYS: Said = { kind: "always" };
/** Holds for none. */
export const NEVER: Said = { kind: "never" };

/** What holds always holds never, and the other way round. */
export const contrary: (said: Said) => Said = said => (said.kind === "always" ? NEVER : said.kind === "never" ? ALWAYS : said);

/** A text that matches, or that must not. */
export function sayText(text: string, negated: boolean): Said {
  return negated ? { kind: "unless", texts: [text] } : { kind: "match", text };
}

/** Is the value in one of the ranges? */
export const holdsFor: (ranges: readonly Range[], value: Scalar) => boolean = (ranges, value) =>
  ranges.some(([low, high]) => low <= value && value <= high);

/** `@th,N,8 0-255` matches where that byte is there. */
export const byteThere: (index: number) => string = index => `@th,${index * 8},8 0-255`;
