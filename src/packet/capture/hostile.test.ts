import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, unhex } from "../bytes.ts";
import { CaptureDecoder, decodeCapture, decodeLink, LINK_TYPE, type CaptureItem } from "./index.ts";
import { ByteQueue } from "./byte-queue.ts";
import { ascii, block, description, enhanced, oldPacket, option, pcapSpecimen, section, simple } from "./specimens.ts";

/** Files from enemies: whatever the bytes are, reading ends, says why, and gives the same however the bytes are cut into chunks. */

const FRAME = unhex("0200000000aa 0200000000bb 8100 0001 0800 45000014000040004011f96fc0000201c6336402");
const record = { seconds: 1, fraction: 2, frame: FRAME };
const SEEDS: readonly Uint8Array[] = [
  pcapSpecimen({ little: true, linkType: 1, records: [record, record, record] }),
  pcapSpecimen({ little: false, magic: 0xa1b23c4d, linkType: 113, records: [record, record] }),
  pcapSpecimen({ little: true, magic: 0xa1b2cd34, version: [2, 3], linkType: 239, records: [{ ...record, extra: new Uint8Array(8) }] }),
  ...[true, false].map(little =>
    concat(
      section(little),
      description(little, 1, 65535, option(little, 2, ascii("eth0")), option(little, 9, Uint8Array.of(9))),
      enhanced(little, 0, 5n, FRAME, 60, option(little, 2, Uint8Array.of(0, 0, 0, 2))),
      oldPacket(little, 0, 5n, FRAME),
      block(little, 4, FRAME),
      simple(little, FRAME.length, FRAME),
    ),
  ),
];

function readInChunks(file: Uint8Array, sizes: readonly number[]): CaptureItem[] {
  const decoder = new CaptureDecoder();
  const items: CaptureItem[] = [];
  const drain = (): void => {
    for (let item = decoder.next(); item !== undefined; item = decoder.next()) items.push(item);
  };
  for (let at = 0, i = 0; at < file.length; i++) {
    const size = sizes[i % sizes.length] as number;
    decoder.push(file.subarray(at, at + size));
    at += size;
    drain();
  }
  decoder.end();
  drain();
  return items;
}

/** At most one fatal fault, at the end; offsets grow; every frame is as long as it says and within the file. */
function checkItems(file: Uint8Array, items: readonly CaptureItem[]): void {
  let offset = 0;
  let number = 0;
  for (const [i, item] of items.entries()) {
    expect(item.offset >= offset && item.offset <= file.length).toBe(true);
    offset = item.offset;
    if (item.kind === "fault") {
      expect(item.fatal && i !== items.length - 1).toBe(false);
      continue;
    }
    expect(item.number > number && item.capturedLength === item.frame.length).toBe(true);
    number = item.number;
    expect((item.network === undefined) !== (item.skipped === undefined)).toBe(true);
    if (item.network !== undefined) expect(item.network.offset + item.network.bytes.length <= item.frame.length).toBe(true);
  }
  expect(items.length <= 2 + file.length / 8).toBe(true);
}

const cuts = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 8 });

test("random bytes", () => {
  const start = fc.constantFrom(...SEEDS.map(seed => seed.subarray(0, 24)), ...SEEDS.map(seed => seed.subarray(0, 100)), new Uint8Array(0));
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 400 }), cuts, (head, tail, sizes) => {
      const file = concat(head, tail);
      const items = [...decodeCapture(file)];
      checkItems(file, items);
      expect(readInChunks(file, sizes)).toEqual(items);
    }),
    { numRuns: 1000 },
  );
});

test("captures with bytes changed, doubled and lost", () => {
  const change = fc.record({
    at: fc.nat(),
    value: fc.constantFrom(0, 1, 3, 4, 7, 16, 127, 128, 255),
    remove: fc.nat(3),
    double: fc.nat(40),
  });
  fc.assert(
    fc.property(fc.constantFrom(...SEEDS), fc.array(change, { maxLength: 4 }), cuts, (seed, changes, sizes) => {
      let file: Uint8Array = seed.slice();
      for (const { at, value, remove, double } of changes) {
        const place = at % file.length;
        file[place] = value;
        if (remove === 3) file = concat(file.subarray(0, place), file.subarray(place + double));
        if (remove === 2) file = concat(file.subarray(0, place + double), file.subarray(place));
        if (file.length === 0) return;
      }
      const items = [...decodeCapture(file)];
      checkItems(file, items);
      expect(readInChunks(file, sizes)).toEqual(items);
    }),
    { numRuns: 2000 },
  );
});

test("captures cut at every byte give the packets before the cut, and a fault there unless a record ends there", () => {
  const ends = [3, 2, 1, 5, 5];
  for (const [i, seed] of SEEDS.entries()) {
    const whole = [...decodeCapture(seed)];
    expect(whole.every(item => item.kind === "packet")).toBe(true);
    let clean = 0;
    for (let length = 0; length < seed.length; length++) {
      const items = [...decodeCapture(seed.subarray(0, length))];
      const last = items.at(-1);
      const fault = last?.kind === "fault" ? items.pop() : undefined;
      expect(items).toEqual(whole.slice(0, items.length));
      if (fault === undefined) clean++;
      else expect(fault).toMatchObject({ fatal: true });
    }
    expect(clean).toBe(ends[i]);
  }
});

test("frames of any bytes under any link type", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(LINK_TYPE)), fc.uint8Array({ maxLength: 80 }), fc.boolean(), (linkType, frame, little) => {
      const { network, skipped } = decodeLink(linkType, frame, little);
      expect((network === undefined) !== (skipped === undefined)).toBe(true);
      if (network !== undefined) expect(network.offset + network.bytes.length <= frame.length).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test("a length of 4 GiB keeps nothing: blocks of unknown type flow through", () => {
  const decoder = new CaptureDecoder();
  decoder.push(concat(section(true), block(true, 99, new Uint8Array(0), 0xfffffffc)));
  const megabyte = new Uint8Array(1 << 20);
  for (let i = 0; i < 4095; i++) {
    decoder.push(megabyte);
    expect(decoder.next()).toBeUndefined();
  }
  decoder.end();
  expect(decoder.next()).toMatchObject({ fatal: true, offset: 28 });
});

test("the queue gives the bytes back in order, whatever is asked of it", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("push" as const), size: fc.nat(9) }),
    fc.record({ do: fc.constantFrom("peek" as const, "take" as const, "skip" as const), size: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), steps => {
      const queue = new ByteQueue();
      let pushed = 0;
      let taken = 0;
      for (const { do: action, size } of steps) {
        const has = pushed - taken;
        if (action === "push") {
          queue.push(Uint8Array.from({ length: size }, (_, i) => pushed + i));
          pushed += size;
        } else if (action === "skip") {
          expect(queue.skip(size)).toBe(Math.min(size, has));
          taken += Math.min(size, has);
        } else {
          const expected = size > has ? undefined : Uint8Array.from({ length: size }, (_, i) => taken + i);
          expect(action === "peek" ? queue.peek(size) : queue.take(size)).toEqual(expected);
          if (action === "take" && expected !== undefined) taken += size;
        }
        expect([queue.available, queue.offset]).toEqual([pushed - taken, taken]);
      }
    }),
  );
});
