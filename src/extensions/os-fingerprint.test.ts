import { expect, test } from "vitest";
import { parseNotation, isNotationFault, specToBytes } from "../packet/index.ts";
import { bareFacts, type Facts } from "../predicate/index.ts";
import { isFingerprint, readFingerprints, type TtlTest } from "./os-fingerprint.ts";

const TEXT = `
# window:ttl:df:size:options:genre:version:subtype:details
S4:64:1:60:M*,S,T,N,W7:Linux:3.1::Linux 3.1
8192:128:1:52:M*,N,W8,N,N,S:Windows:7::Windows 7
%512:64:0:44:M1460:@Odd:1:x:Odd one
T2:255:0:44:M*:Tunnel:2::MTU
16384:64:1:40:.:Bare:1::bare
S%3:64:0:44:M*:Third:1::third
not a line
`;
const [linux, windows, odd, tunnel, bare, third] = readFingerprints(TEXT);

function factsOf(text: string): Facts {
  const spec = parseNotation(text);
  if (isNotationFault(spec)) throw new Error(spec.message);
  const bytes = specToBytes(spec);
  return { ...bareFacts(4, () => undefined), bytes, l4: 20, end: bytes.length };
}

test("lines of pf.os are read", () => {
  expect(readFingerprints(TEXT)).toHaveLength(6);
  expect(linux).toMatchObject({ window: { kind: "mss", value: 4 }, ttl: 64, dontFragment: true, size: 60, genre: "Linux" });
  expect(windows?.options.map(({ kind }) => kind)).toEqual([2, 1, 3, 1, 1, 4]);
  expect(odd).toMatchObject({ window: { kind: "modulo", value: 512 }, genre: "Odd", version: "1", subtype: "x" });
  expect(bare?.options).toEqual([]);
});

const SYN = "tcp 192.0.2.9:1 > 198.51.100.2:2 syn df";
const LINUX = "tcpoptions 0x020405b40402080a00000001000000000103 0307".replace(" 0307", "0307");

/** Measured with the same fingerprints loaded into Linux 6.18. */
test.each([
  [linux, "true", `${SYN} win 5840 ${LINUX}`, true],
  [linux, "true", `${SYN} win 5841 ${LINUX}`, false],
  [linux, "true", `${SYN} ttl 63 win 5840 ${LINUX}`, false],
  [linux, "less", `${SYN} ttl 63 win 5840 ${LINUX}`, true],
  [linux, "less", `${SYN} ttl 65 win 5840 ${LINUX}`, false],
  [linux, "no", `${SYN} ttl 65 win 5840 ${LINUX}`, true],
  [windows, "true", `${SYN} win 8192 ${LINUX}`, false],
  [odd, "true", "tcp 192.0.2.9:1 > 198.51.100.2:2 syn win 1024 tcpoptions 0x020405b4", true],
  [odd, "true", "tcp 192.0.2.9:1 > 198.51.100.2:2 ack win 1024 tcpoptions 0x020405b4", false],
  [tunnel, "no", "tcp 192.0.2.9:1 > 198.51.100.2:2 syn win 1152 tcpoptions 0x02040218", true],
  [tunnel, "no", "tcp 192.0.2.9:1 > 198.51.100.2:2 syn win 3000 tcpoptions 0x02040218", true],
  [third, "true", "tcp 192.0.2.9:1 > 198.51.100.2:2 syn win 1608 tcpoptions 0x02040218", true],
  [bare, "true", `${SYN} win 16384 tcpoptions 0x`, true],
] as const)("%# %s", (fingerprint, ttl, packet, expected) => {
  if (!fingerprint) throw new Error("no fingerprint");
  expect(isFingerprint(fingerprint, ttl as TtlTest, factsOf(packet))).toBe(expected);
});
