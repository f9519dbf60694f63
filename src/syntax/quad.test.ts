import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePrefix4, printPrefix } from "../packet/index.ts";
import { parseQuad } from "./quad.ts";

const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom("", "0", "00", "010", "0x1", " 1", "255", "256"));
const address = fc
  .tuple(fc.array(part, { minLength: 3, maxLength: 5 }), fc.option(part, { nil: undefined }))
  .map(([parts, mask]) => parts.join(".") + (mask === undefined ? "" : `/${mask}`));

test("the short way reads only canonical addresses, and as the long way does", () => {
  fc.assert(
    fc.property(fc.oneof(address, fc.ipV4(), fc.string()), text => {
      const slow = parsePrefix4(text);
      const canonical = "prefix" in slow && [printPrefix(slow.prefix), printPrefix(slow.prefix).replace(/\/32$/, "")].includes(text);
      const quick = parseQuad(text);
      expect(quick !== undefined).toBe(canonical);
      if (quick && "prefix" in slow) expect(quick).toEqual({ address: slow.prefix.address, mask: slow.prefix.mask });
    }),
    { numRuns: 2000 },
  );
});

test.each([["0.0.0.0/0"], ["255.255.255.255/32"], ["10.0.0.0/8"], ["1.2.3.4"]])("%s", text => expect(parseQuad(text)).toBeDefined());
