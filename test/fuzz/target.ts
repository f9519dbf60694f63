import type fc from "fast-check";

/** Something that reads what people and enemies write: inputs for it, which JSON can hold, and the laws that it keeps to. */
export interface Target {
  readonly name: string;
  readonly inputs: fc.Arbitrary<unknown>;
  readonly law: (input: unknown) => void;
}

/** A target whose inputs are of one type. */
export const target = <T>(name: string, inputs: fc.Arbitrary<T>, law: (input: T) => void): Target => ({
  name,
  inputs,
  law: input => law(input as T),
});
