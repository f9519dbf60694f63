import { decodeLink } from "./link.ts";
import type { CapturedPacket, FrameKind } from "./record.ts";

/** What a file's record says. */
export interface FrameRecord {
  readonly number: number;
  readonly time: bigint;
  readonly precision: "us" | "ns";
  readonly offset: number;
  readonly linkType: number;
  readonly interfaceName: string | undefined;
  readonly interfaceIndex: number | undefined;
  readonly originalLength: number;
  readonly frame: Uint8Array;
  readonly kind: FrameKind | undefined;
  /** The byte order of the file. */
  readonly little: boolean;
}

/** The record with its link header decoded. */
export function capturedPacket(record: FrameRecord): CapturedPacket {
  const { number, time, precision, offset, linkType, interfaceName, originalLength, frame } = record;
  const { network, skipped, interfaceIndex } = decodeLink(linkType, frame, record.little, record.kind);
  return {
    kind: "packet",
    number,
    time,
    precision,
    offset,
    linkType,
    interfaceName,
    interfaceIndex: record.interfaceIndex ?? interfaceIndex,
    capturedLength: frame.length,
    originalLength,
    frame,
    network,
    skipped,
  };
}
