import fc from "fast-check";
import { expect, test } from "vitest";
import { changedPart } from "./changed-part.ts";

test("a change makes the one text the other, and touches nothing at either end that is alike", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "😀"), maxLength: 30 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { from, to, insert } = changedPart(before, after);
      expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
      const gone = before.slice(from, to);
      if (gone !== "" && insert !== "") expect([gone[0] === insert[0], gone.at(-1) === insert.at(-1)]).toEqual([false, false]);
    }),
  );
});
