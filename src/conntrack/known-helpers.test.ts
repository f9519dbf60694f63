import { expect, test } from "vitest";
import { HELPERS, KNOWN_HELPERS } from "./index.ts";

test("what rules know of helpers is what the helpers say of themselves", () => {
  expect(KNOWN_HELPERS).toEqual(HELPERS.map(({ name, families, protocol }) => ({ name, families, protocol })));
});
