import type { CtState } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";

/** Characters of a question's text: offsets, the end excluded. Words that a variable stands for have the variable's place. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a question or an invariant, where, and what may have been meant. */
export interface QuestionFault extends Place {
  readonly message: string;
  readonly guess?: string | undefined;
}

/** One member of a set of addresses. */
export type AddressItem = Place &
  (
    | { readonly is: "any" }
    /** The addresses of the machine itself. */
    | { readonly is: "self" }
    /** Inclusive; a single address has both ends equal. */
    | { readonly is: "range"; readonly family: Family; readonly low: Scalar; readonly high: Scalar }
    | { readonly is: "prefix"; readonly family: Family; readonly address: Scalar; readonly length: number }
    /** An ipset: `@admins`. */
    | { readonly is: "set"; readonly name: string }
    /** The networks of an interface: `net(lan0)`. */
    | { readonly is: "net"; readonly interface: string }
    /** A host name. */
    | { readonly is: "name"; readonly name: string }
  );

/** Addresses in any of the items, or in none of them. */
export interface AddressSet {
  readonly invert: boolean;
  readonly items: readonly AddressItem[];
}

/** Ports in any of the inclusive ranges, or in none of them. */
export interface PortSet {
  readonly invert: boolean;
  readonly ranges: readonly (readonly [low: number, high: number])[];
}

/** Interfaces by name; `eth+` is the start `eth`. */
export interface InterfaceSet {
  readonly invert: boolean;
  readonly names: readonly { readonly name: string; readonly start: boolean }[];
}

/** What is asked for at the server. */
export type Service =
  | { readonly is: "any" }
  /** Protocol numbers, 0 to 255; ports only where all of them have ports. */
  | { readonly is: "protocols"; readonly protocols: readonly number[]; readonly ports?: PortSet | undefined }
  /** Echo requests, in either family. */
  | { readonly is: "ping" }
  | { readonly is: "icmp"; readonly family: Family; readonly type?: number | undefined; readonly code?: number | undefined };

/** TCP flags that are set, and those that are looked at; both as bits of TCP_FLAG. */
export interface FlagTest {
  readonly mask: number;
  readonly value: number;
}

/** A question, as people ask it: who may reach what? */
export interface Question {
  /** Sessions that the client opens, or single packets. */
  readonly about: "sessions" | "packets";
  readonly family?: Family | undefined;
  readonly from: AddressSet;
  readonly sourcePorts?: PortSet | undefined;
  readonly to: AddressSet;
  readonly service: Service;
  readonly in?: InterfaceSet | undefined;
  readonly out?: InterfaceSet | undefined;
  /** Connection states, of packets. */
  readonly states?: readonly CtState[] | undefined;
  /** Of packets. */
  readonly flags?: FlagTest | undefined;
  /** Do the addresses mean what they are before or after translation? Before, unless said. */
  readonly nat?: "before" | "after" | undefined;
}

/** Tells a fault from what was read. */
export const isQuestionFault = <T extends object>(result: T | QuestionFault): result is QuestionFault => "message" in result;
