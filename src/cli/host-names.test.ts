import { expect, test } from "vitest";
import { KEPT_NAMES, namesFromFile, namesFromNetwork } from "./host-names.ts";

const { resolve, keepNames } = namesFromFile(
  "# hosts\n10.0.0.5\toffice.example Office # ours\r\n10.0.0.6 office.example\n::1 six.example\nnonsense here\n10.0.0.7\n",
);

test.each([
  ["office.example", 4, [0x0a000005, 0x0a000006]],
  ["OFFICE", 4, [0x0a000005]],
  ["office", 6, undefined],
  ["six.example", 6, [1n]],
  ["ours", 4, undefined],
  ["here", 4, undefined],
  ["localhost", 4, [0x7f000001]],
  ["localhost", 6, [1n]],
  ["__proto__", 4, undefined],
] as const)("%s in IPv%s", (name, family, wanted) => expect(resolve?.(name, family)).toEqual(wanted));

test("names stay names only where nobody resolves", () => expect([KEPT_NAMES.keepNames, keepNames]).toEqual([true, false]));

test("the network is asked once for what is not known, and only then", async () => {
  const names = namesFromNetwork();
  expect(await names.learn()).toBe(false);
  expect(names.resolve?.("nowhere.invalid", 4)).toBeUndefined();
  expect(names.resolve?.("localhost", 4)).toEqual([0x7f000001]);
  expect(await names.learn()).toBe(true);
  expect(names.resolve?.("localhost", 4)).toEqual([0x7f000001]);
  expect(names.resolve?.("nowhere.invalid", 4)).toEqual([]);
  expect(await names.learn()).toBe(false);
});
