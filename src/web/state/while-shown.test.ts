import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { openDocuments } from "./documents.ts";
import { view } from "./view.ts";
import { whileShown } from "./while-shown.ts";

test("a panel that is not shown keeps what it had, and asks for nothing", () => {
  const text = signal("a");
  let reads = 0;
  const seen = whileShown("policy", () => {
    reads++;
    return text.value;
  });
  view.value = "map";
  expect([seen.value, reads]).toEqual([undefined, 0]);
  view.value = "policy";
  expect(seen.value).toBe("a");
  text.value = "b";
  expect(seen.value).toBe("b");
  view.value = "trace";
  text.value = "c";
  expect([seen.value, reads]).toEqual(["b", 2]);
  view.value = "policy";
  expect(seen.value).toBe("c");
  view.value = "map";
  openDocuments({}, { name: "another", readOnly: undefined });
  expect([seen.value, reads]).toEqual([undefined, 3]);
});
