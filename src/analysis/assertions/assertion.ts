import type { Family } from "../../predicate/index.ts";
import type { Question, QuestionFault } from "../question/question.ts";
import type { Variables } from "../question/words.ts";
import type { Path } from "../witness.ts";
import type { Invariant } from "./invariant.ts";

/** Where something stands in a file of assertions: from 1, `endColumn` exclusive. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** Something wrong with a file of assertions. */
export interface AssertionFault extends FilePlace {
  readonly message: string;
  readonly guess?: string | undefined;
}

/** A text of the file, and the place of what is wrong in it. */
export interface PlacedText {
  readonly text: string;
  /** The fault of a part of the text as a fault of the file. */
  place(fault: QuestionFault): AssertionFault;
}

/** A question of the file, as it is written there. */
export interface PlacedQuestion {
  readonly written: PlacedText;
  readonly question: Question;
}

/** What an assertion about sessions wants of every one of them. */
export const WISHES = ["allow", "deny", "reject", "half-open"] as const;
export type Wish = (typeof WISHES)[number];

/** What an assertion claims. */
export type Claim =
  | { readonly is: Wish; readonly asked: PlacedQuestion }
  /** Nothing is accepted outside sessions. */
  | { readonly is: "no strays" }
  /** The ruleset of that file allows the same. */
  | { readonly is: "equal to"; readonly file: PlacedText }
  /** Lint finds none of these; without codes, nothing that counts. */
  | { readonly is: "no finding"; readonly codes: readonly string[] }
  /** Nothing but these sessions is allowed. */
  | { readonly is: "at most"; readonly asked: readonly PlacedQuestion[] }
  | { readonly is: "invariant"; readonly written: PlacedText; readonly invariant: Invariant };

/** One assertion of a file. */
export interface Assertion {
  readonly name: string;
  readonly at: FilePlace;
  /** Undefined: all that the claim can be about, but for sessions of the machine with itself. */
  readonly paths: readonly Path[] | undefined;
  readonly family: Family | undefined;
  readonly claim: Claim;
}

/** A file of assertions. File names are as they are written, relative to the file. */
export interface AssertionFile {
  readonly rules: PlacedText | undefined;
  readonly v6: PlacedText | undefined;
  readonly host: PlacedText | undefined;
  readonly ipset: PlacedText | undefined;
  /** A hosts file for the names in rules and questions. */
  readonly resolve: PlacedText | undefined;
  readonly variables: Variables;
  readonly assertions: readonly Assertion[];
}
