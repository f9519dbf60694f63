import { Dccp, DCCP_HEADER, DCCP_TYPE } from "../packet/index.ts";

/** Bytes that a 48-bit sequence number adds. */
const EXTENDED = 4;

/** Bytes of the header before its options, as the type has them; types without a name are taken for resets. Kernel: linux/dccp.h, __dccp_hdr_len. */
function fixedLength(header: Dccp): number {
  return DCCP_HEADER + (header.extended ? EXTENDED : 0) + typeLength(header.type);
}

function typeLength(type: number): number {
  switch (type) {
    case DCCP_TYPE.DATA:
      return 0;
    case DCCP_TYPE.REQUEST:
      return 4;
    case DCCP_TYPE.ACK:
    case DCCP_TYPE.DATAACK:
    case DCCP_TYPE.CLOSEREQ:
    case DCCP_TYPE.CLOSE:
    case DCCP_TYPE.SYNC:
    case DCCP_TYPE.SYNCACK:
      return 8;
    default:
      return 12;
  }
}

/**
 * Does the DCCP header at `at` carry an option of this kind? `broken` where the data offset leaves no room for the fixed part or the options
 * are cut. Kernel: xt_dccp.c, dccp_find_option; a length of 0 counts as 1.
 */
export function findDccpOption(bytes: Uint8Array, at: number, end: number, kind: number): boolean | "broken" {
  const header = Dccp.at(bytes, at, end);
  if (!header) return "broken";
  const stop = at + header.headerLength;
  let place = at + fixedLength(header);
  if (stop < place) return "broken";
  if (stop === place) return false;
  if (stop > end) return "broken";
  while (place < stop) {
    const option = bytes[place] ?? 0;
    if (option === kind) return true;
    place += option < 2 ? 1 : (place + 1 < stop && bytes[place + 1]) || 1;
  }
  return false;
}
