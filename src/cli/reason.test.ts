import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { reasonOf } from "./reason.ts";

const told = (code: string, message: string): string => reasonOf(Object.assign(new Error(message), { code }));

test.each([
  ["ENOENT", "ENOENT: no such file or directory, open 'a'", "no such file"],
  ["EPERM", "EPERM: operation not permitted, rename '/proc/self/fd/21/.x.saving' -> '/proc/self/fd/21/a'", "operation not permitted"],
  ["EIO", "EIO: i/o error, read", "i/o error"],
  ["EDQUOT", "EDQUOT: disk quota exceeded, write", "disk quota exceeded"],
  ["", "something else, altogether", "something else, altogether"],
])("%s: %s", (code, message, reason) => expect(told(code, message)).toBe(reason));

test("what Node itself says", async () => {
  const long = await readFile(`/${"x".repeat(300)}`).catch(reasonOf);
  expect(long).toBe("name too long");
});
