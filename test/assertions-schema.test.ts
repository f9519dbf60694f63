import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAssertions } from "../src/analysis/assertions/index.ts";

type Schema = { readonly [key: string]: unknown };
const SCHEMA = JSON.parse(readFileSync("share/ferrule-test.schema.json", "utf8")) as Schema & { readonly $defs: Record<string, Schema> };

/** As much of JSON Schema 2020-12 as the published schema uses; a keyword that is not known here is a failure. */
function isValid(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, said]) => {
    const object = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
    switch (keyword) {
      case "$schema":
      case "title":
      case "description":
      case "$defs":
        return true;
      case "$ref":
        return isValid(SCHEMA.$defs[(said as string).replace("#/$defs/", "")] as Schema, value);
      case "type":
        return [said].flat().includes(Array.isArray(value) ? "array" : value === null ? "null" : typeof value);
      case "const":
        return value === said;
      case "enum":
        return (said as unknown[]).includes(value);
      case "pattern":
        return typeof value !== "string" || new RegExp(said as string, "u").test(value);
      case "minItems":
        return !Array.isArray(value) || value.length >= (said as number);
      case "items":
        return !Array.isArray(value) || value.every(item => isValid(said as Schema, item));
      case "required":
        return !object || (said as string[]).every(key => key in object);
      case "properties":
        return !object || Object.entries(said as Record<string, Schema>).every(([key, of]) => !(key in object) || isValid(of, object[key]));
      case "propertyNames":
        return !object || Object.keys(object).every(key => isValid(said as Schema, key));
      case "additionalProperties": {
        const known = Object.keys((schema["properties"] as object | undefined) ?? {});
        const more = object ? Object.keys(object).filter(key => !known.includes(key)) : [];
        return said === false ? more.length === 0 : more.every(key => isValid(said as Schema, object?.[key]));
      }
      case "anyOf":
        return (said as Schema[]).some(each => isValid(each, value));
      case "oneOf":
        return (said as Schema[]).filter(each => isValid(each, value)).length === 1;
      default:
        throw new Error(`unknown keyword ${keyword}`);
    }
  });
}

const accepted = (document: unknown): boolean => readAssertions("x.yaml", JSON.stringify(document)).faults.length === 0;

describe("the published schema and the reader agree", () => {
  const question = fc.constantFrom("from any to self tcp 22", "from 10.0.0.0/8 to self", 5, "", " ", true, null, []);
  const good = fc.constantFrom("from any to self tcp 22");
  const file = fc.constantFrom<unknown>("a.rules", "b", 7, "", true, ["a"], null);
  const code = fc.constantFrom<unknown>("F07", "f15", "any", "Any", "F7", "F00", "F1 ", "F071", 7, "");
  const path = fc.constantFrom<unknown>("in", "out", "forward", "local", "inn", "", 1);
  /** One of the keys has its value; each of the others may come too, now and then. */
  const assertion = fc.oneof(
    fc.constantFrom<unknown>("no strays", "no stray", 5, null, []),
    fc
      .tuple(
        fc.constantFrom("allow", "deny", "reject", "half-open", "no strays", "equal to", "no finding", "at most", "invariant", "alow"),
        fc.record(
          {
            allow: good,
            name: fc.constantFrom<unknown>("x", 5, "", true),
            path: fc.oneof(path, fc.array(path, { maxLength: 3 })),
            family: fc.constantFrom<unknown>(4, 6, "4", "6", 5, "v4"),
          },
          { requiredKeys: [] },
        ),
        fc.record({
          question,
          file,
          codes: fc.oneof(code, fc.array(code, { maxLength: 3 })),
          questions: fc.oneof(question, fc.array(question, { maxLength: 3 })),
          yes: fc.constantFrom<unknown>(true, false, "true", 1),
          invariant: fc.constantFrom<unknown>("out != tun0 implies drop", 5, "", []),
        }),
      )
      .map(([claim, others, values]) => {
        const { question: asked, file: name, codes, questions, yes, invariant } = values;
        const claims: Record<string, unknown> = {
          "no strays": yes,
          "equal to": name,
          "no finding": codes,
          "at most": questions,
          invariant,
        };
        return { ...others, [claim]: claim in claims ? claims[claim] : asked };
      }),
  );
  const mostly = <T>(right: T, others: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 6, arbitrary: fc.constant<unknown>(right) }, { weight: 1, arbitrary: others });
  const variables = fc.dictionary(
    fc.constantFrom("a", "$b", "c d", "é", "e_-1"),
    fc.constantFrom<unknown>("10.0.0.1", 22, "", true, ["x"]),
    {
      maxKeys: 2,
    },
  );
  const document = fc
    .tuple(
      mostly(["no strays"], fc.oneof(fc.array(assertion, { maxLength: 3 }), fc.constantFrom<unknown>("no strays", {}, 3, undefined))),
      mostly("a.rules", file),
      mostly("a.json", file),
      mostly({ a: "10.0.0.1" }, variables),
      mostly(undefined, fc.constant(1)),
    )
    .map(([assert, rules, host, vars, extra]) => JSON.parse(JSON.stringify({ assert, rules, host, vars, extra })) as unknown);

  test("on generated files", () => {
    let both = 0;
    fc.assert(
      fc.property(document, value => {
        const valid = isValid(SCHEMA, value);
        if (valid) both++;
        expect(accepted(value)).toBe(valid);
      }),
      { numRuns: 3000 },
    );
    // A generator that makes nothing right would prove little.
    expect(both).toBeGreaterThan(500);
  });

  test("on single assertions", () => {
    let both = 0;
    fc.assert(
      fc.property(assertion, value => {
        const whole = { assert: [value] };
        const valid = isValid(SCHEMA, whole);
        if (valid) both++;
        expect(accepted(whole)).toBe(valid);
      }),
      { numRuns: 6000 },
    );
    expect(both).toBeGreaterThan(300);
  });
});
