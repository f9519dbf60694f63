import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIpv6, printIpv6 } from "../../packet/index.ts";
import { readAddress } from "./address-text.ts";
import { compressedIpv6 } from "./sip/address6.ts";
import { ascii } from "./text.ts";

const BAR = 0x7c;

test.each([
  ["1.2.3.4", 4, 0x01020304, 7],
  ["1.2.3.4x", 4, 0x01020304, 7],
  ["1.2.3.4:5", 4, 0x01020304, 7],
  ["001.2.3.04", 4, 0x01020304, 10],
  ["1.2.3.4.5", 4, undefined, 0],
  ["1..3.4", 4, undefined, 0],
  ["1.2.3", 4, undefined, 0],
  ["256.2.3.4", 4, undefined, 0],
  ["1.2.3.4a", 4, undefined, 0],
  ["::", 6, 0n, 2],
  ["::1]", 6, 1n, 3],
  ["2001:db8::1", 6, 0x20010db8000000000000000000000001n, 11],
  ["1:2:3:4:5:6:7:8", 6, 0x00010002000300040005000600070008n, 15],
  ["1:2:3:4:5:6:7::", 6, 0x00010002000300040005000600070000n, 15],
  ["::ffff:1.2.3.4", 6, 0xffff01020304n, 14],
  ["1:2:3:4:5:6:1.2.3.4", 6, 0x00010002000300040005000601020304n, 19],
  ["1::2::3", 6, undefined, 0],
  [":1", 6, undefined, 0],
  ["1:2:3:4:5:6:7", 6, undefined, 0],
  ["12345::", 6, undefined, 0],
  ["1:2:3:4:5:6:7::8", 6, undefined, 0],
] as const)("%s as IPv%d", (text, family, address, end) => {
  const read = readAddress(ascii(text), 0, text.length, family);
  expect(read).toEqual(address === undefined ? undefined : { address, end });
});

test("with a delimiter nothing else may follow", () => {
  for (const [text, ends] of [
    ["1.2.3.4|", true],
    ["1.2.3.4", true],
    ["1.2.3.4 |", false],
    ["1.2.3.4)", false],
  ] as const)
    expect(readAddress(ascii(text), 0, text.length, 4, BAR) !== undefined, text).toBe(ends);
});

const address6 = fc
  .tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }))
  .map(([a, b]) => a & b);

test("every form of an IPv6 address is read as the address", () => {
  fc.assert(
    fc.property(fc.oneof(address6, fc.bigInt({ min: 0n, max: 0xffffffffffffn })), address => {
      for (const text of [printIpv6(address), compressedIpv6(address)]) {
        expect(readAddress(ascii(text), 0, text.length, 6)?.address, text).toBe(address);
        expect(parseIpv6(text), text).toBe(address);
      }
    }),
  );
});
