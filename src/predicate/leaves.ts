import type { Predicate } from "./predicate.ts";

/** A simple test inside a predicate. */
export type Leaf = Exclude<Predicate, { readonly is: "not" | "all" | "any" }>;

/** Every simple test of a predicate, left to right, and whether it is asked under an odd number of negations. */
export function* leaves(predicate: Predicate, inverted = false): Generator<{ readonly leaf: Leaf; readonly inverted: boolean }> {
  switch (predicate.is) {
    case "not":
      yield* leaves(predicate.of, !inverted);
      return;
    case "all":
    case "any":
      for (const part of predicate.of) yield* leaves(part, inverted);
      return;
    case "in":
    case "bits":
    case "name":
    case "present":
    case "constant":
    case "member":
    case "opaque":
      yield { leaf: predicate, inverted };
  }
}

/** The names of the ipsets that a predicate asks. */
export function setsAsked(predicate: Predicate): readonly string[] {
  return [...leaves(predicate)].flatMap(({ leaf }) => (leaf.is === "member" ? [leaf.test.set] : []));
}

/** Does a predicate ask a step that decides for itself? As `leaves` would tell, without an object for each: every rule of a firewall is asked. */
export function asksOpaque(predicate: Predicate): boolean {
  if (predicate.is === "not") return asksOpaque(predicate.of);
  if (predicate.is === "all" || predicate.is === "any") return predicate.of.some(asksOpaque);
  return predicate.is === "opaque";
}
