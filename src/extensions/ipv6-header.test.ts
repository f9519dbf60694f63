import fc from "fast-check";
import { expect, test } from "vitest";
import { dissect, isFault, PROTOCOL } from "../packet/index.ts";
import { findHeader } from "./ipv6-header.ts";

const KINDS = [PROTOCOL.HOPOPTS, PROTOCOL.ROUTING, PROTOCOL.FRAGMENT, PROTOCOL.AH, PROTOCOL.DSTOPTS];
const next = fc.constantFrom<number>(...KINDS, PROTOCOL.TCP, PROTOCOL.NONE);
/** Eight bytes that may begin a header: what follows, a small length, a small offset. */
const piece = fc
  .tuple(next, fc.nat(2), fc.constantFrom(0, 0, 0, 8, 1), fc.nat(255))
  .map(([protocol, units, offset, byte]) => [protocol, units, 0, offset, byte, byte, byte, byte]);

/** A packet with any chain of headers, cut anywhere. */
const packets = fc.tuple(next, fc.array(piece, { maxLength: 12 }), fc.nat(7)).map(([protocol, pieces, cut]) => {
  const body = pieces.flat();
  const kept = body.slice(0, Math.max(0, body.length - cut));
  return Uint8Array.from([0x60, 0, 0, 0, 0, kept.length, protocol, 64, ...new Uint8Array(32), ...kept]);
});

test("a header is found where the layout has it, and nowhere else", () => {
  let found = 0;
  fc.assert(
    fc.property(packets, fc.constantFrom<number>(...KINDS), (bytes, wanted) => {
      const layout = dissect(bytes, false);
      if (isFault(layout)) return;
      const at = findHeader(bytes, layout.totalLength, wanted);
      const listed = layout.extensions.find(each => each.protocol === wanted)?.offset;
      if (typeof at === "number") found++;
      if (listed !== undefined) expect(at).toBe(listed);
      else expect(layout.protocol < 0 ? ["missing", "broken"] : ["missing"]).toContain(at);
    }),
    { numRuns: 3000 },
  );
  expect(found).toBeGreaterThan(100);
});

test("the longest chain is walked once", () => {
  const bytes = new Uint8Array(40 + 65_528);
  bytes[0] = 0x60;
  bytes[4] = 0xff;
  bytes[5] = 0xf8;
  bytes[6] = PROTOCOL.DSTOPTS;
  for (let at = 40; at < bytes.length; at += 8) bytes[at] = PROTOCOL.DSTOPTS;
  expect(findHeader(bytes, bytes.length, PROTOCOL.ROUTING)).toBe("broken");
});
