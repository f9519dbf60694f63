import { all, any, named, namedLike, not, type Predicate } from "../../predicate/index.ts";
import type { InterfaceSet } from "./question.ts";

/** Interfaces in a set. Where a packet has none it is in no set, not even in an inverted one. */
export function interfaceTest({ invert, names }: InterfaceSet, field: "iif" | "oif"): Predicate {
  const among = any(...names.map(({ name, start }) => (start ? namedLike(field, name) : named(field, name))));
  return invert ? all(not(named(field, "")), not(among)) : among;
}
