/** Capture files of both kinds, and their replay. */
import fc from "fast-check";
import { expect } from "vitest";
import { CaptureDecoder, concat, decodeCapture, hex, unhex, type CaptureItem } from "../../src/packet/index.ts";
import {
  ascii,
  block,
  description,
  enhanced,
  oldPacket,
  option,
  pcapSpecimen,
  section,
  simple,
} from "../../src/packet/capture/specimens.ts";
import { scrambled } from "../faults/corrupt.ts";
import { target, type Target } from "./target.ts";

const FRAME = unhex("0200000000aa 0200000000bb 8100 0001 0800 45000014000040004011f96fc0000201c6336402");
const COOKED = unhex("0000000100060200000000aa00000800 45000014000040004011f96fc0000201c6336402");
const record = { seconds: 1, fraction: 2, frame: FRAME };
const ng = (little: boolean): Uint8Array =>
  concat(
    section(little),
    description(little, 1, 65535, option(little, 2, ascii("eth0")), option(little, 9, Uint8Array.of(9))),
    enhanced(little, 0, 5n, FRAME, 60, option(little, 2, Uint8Array.of(0, 0, 0, 2))),
    oldPacket(little, 0, 5n, FRAME),
    block(little, 4, FRAME),
    simple(little, FRAME.length, FRAME),
    section(!little),
    description(!little, 113, 0),
    enhanced(!little, 0, 7n, COOKED),
  );
const FILES: readonly Uint8Array[] = [
  pcapSpecimen({ little: true, linkType: 1, records: [record, record, record] }),
  pcapSpecimen({ little: false, magic: 0xa1b23c4d, linkType: 113, records: [{ ...record, frame: COOKED }, record] }),
  pcapSpecimen({ little: true, magic: 0xa1b2cd34, version: [2, 3], linkType: 239, records: [{ ...record, extra: new Uint8Array(8) }] }),
  ng(true),
  ng(false),
];

function inChunks(file: Uint8Array, size: number): CaptureItem[] {
  const decoder = new CaptureDecoder();
  const items: CaptureItem[] = [];
  for (let at = 0; at <= file.length; at += size) {
    if (at < file.length) decoder.push(file.subarray(at, at + size));
    if (at + size >= file.length) decoder.end();
    for (let item = decoder.next(); item !== undefined; item = decoder.next()) items.push(item);
    if (at + size >= file.length) break;
  }
  return items;
}

/** Reading ends, always moves on, and gives the same however the bytes come. */
function lawsOfCapture({ file, size }: { readonly file: string; readonly size: number }): void {
  const bytes = unhex(file);
  const items = [...decodeCapture(bytes)];
  let offset = 0;
  for (const [at, item] of items.entries()) {
    expect(offset <= item.offset && item.offset <= bytes.length).toBe(true);
    ({ offset } = item);
    if (item.kind === "fault") expect(item.fatal && at !== items.length - 1).toBe(false);
    else if (item.network) expect(item.network.offset + item.network.bytes.length <= item.frame.length).toBe(true);
  }
  expect(items.length).toBeLessThanOrEqual(bytes.length + 1);
  if (bytes.length > 0) expect(inChunks(bytes, size)).toEqual(items);
}

export const CAPTURES: readonly Target[] = [
  target("capture", fc.record({ file: scrambled(FILES).map(hex), size: fc.integer({ min: 1, max: 70 }) }), lawsOfCapture),
];
