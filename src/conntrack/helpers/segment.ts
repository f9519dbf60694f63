import { CT_INFO } from "../direction.ts";
import type { Sight } from "../helper.ts";
import { tcpPayload } from "../mangle.ts";
import { TCP_HEADER } from "../../packet/index.ts";

/** Where a segment's payload is: from `start` up to `end`. */
export interface Payload {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The payload of a segment after both sides were heard; undefined before that, and where there is none. */
export function establishedPayload({ carrier, info, l4 }: Sight): Payload | undefined {
  if (info !== CT_INFO.ESTABLISHED && info !== CT_INFO.ESTABLISHED_REPLY) return undefined;
  const { bytes, layout } = carrier;
  const end = layout.totalLength;
  if (l4 + TCP_HEADER > end) return undefined;
  const start = tcpPayload(bytes, l4);
  return start < end ? { bytes, start, end } : undefined;
}
