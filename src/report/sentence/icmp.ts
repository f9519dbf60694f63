import type { Clause } from "../../analysis/explain/index.ts";
import { icmpName } from "../../packet/index.ts";
import type { Family } from "../../predicate/index.ts";
import { showScalar } from "../value.ts";
import { wantedText } from "../wanted.ts";
import { either } from "./words.ts";

/** Clauses about ICMP's type and code: `echo-request (ping)`, `other than type 3 with code 0-3`. */
export function icmpText(clauses: readonly Clause[], family: Family): string {
  const types = clauses.filter(({ of }) => "field" in of && of.field === "icmptype");
  const codes = clauses.filter(({ of }) => "field" in of && of.field === "icmpcode");
  const type = single(types);
  const code = single(codes);
  const specific = type !== undefined && code !== undefined ? icmpName(type, code, family) : undefined;
  // A name of the whole type says nothing of the code.
  const ofCode = type !== undefined && specific !== showScalar("icmptype", type, family);
  if (specific !== undefined && ofCode && !types[0]?.negated && !codes[0]?.negated) return commonName(specific);
  const texts = types.map(({ of, negated }) => {
    const text = of.is === "in" ? either(of.ranges.map(([value]) => typeText(value, family))) : "?";
    return negated ? `other than ${text}` : text;
  });
  const codeTexts = codes.map(
    ({ of, negated }) => `with ${negated ? "a code other than " : "code "}${of.is === "in" ? wantedText(of, family) : "?"}`,
  );
  return [...texts, ...codeTexts].join(" ");
}

function typeText(type: number | bigint, family: Family): string {
  const name = showScalar("icmptype", type, family);
  return name === `${type}` ? `type ${type}` : commonName(name);
}

const COMMON_NAMES: Readonly<Record<string, string>> = {
  "echo-request": "echo-request (ping)",
  "echo-reply": "echo-reply (answer to a ping)",
};
const commonName = (name: string): string => COMMON_NAMES[name] ?? name;

function single(clauses: readonly Clause[]): number | undefined {
  const of = clauses[0]?.of;
  const range = of?.is === "in" && of.ranges.length === 1 ? of.ranges[0] : undefined;
  return clauses.length === 1 && range && range[0] === range[1] ? Number(range[0]) : undefined;
}
