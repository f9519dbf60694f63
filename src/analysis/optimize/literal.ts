import type { Field, Scalar, SetTest } from "../../predicate/index.ts";

/** A test of a name, and whether it must not hold. */
export interface NameLiteral {
  readonly field: Field;
  readonly text: string;
  readonly prefix: boolean;
  readonly negated: boolean;
}

/** A test of bits, and whether it must not hold. */
export interface BitsLiteral {
  readonly field: Field;
  readonly mask: Scalar;
  readonly value: Scalar;
  readonly negated: boolean;
}

/** A look into a set, and whether it must not find. */
export interface MemberLiteral {
  readonly test: SetTest;
  readonly negated: boolean;
}
