import {
  checksumPlace,
  dissect,
  isFault,
  PROTOCOL,
  pseudoHeaderSum4,
  pseudoHeaderSum6,
  setTransportChecksum,
  transportChecksumHolds,
  u16,
  type CapturedPacket,
  type Layout,
  type NetworkPacket,
} from "../packet/index.ts";

/** A captured packet as it was on the wire, as far as that can be known. */
export interface WholePacket {
  readonly bytes: Uint8Array;
  /** Undefined for bytes that are no packet, which the kernel drops before any hook. */
  readonly layout: Layout | undefined;
  /** The capture kept only its beginning: the rest was filled with zeros. */
  readonly filled: boolean;
  /** Its checksum had been left to the network card, and was completed. */
  readonly completed: boolean;
}

/**
 * Undoes what capturing does to packets: bytes beyond the snapshot length become zeros, with a right checksum, and a checksum that
 * the sending host left to its network card (it then holds the pseudo header's sum; skbuff.h, CHECKSUM_PARTIAL) is completed, as the
 * kernel would not have looked at it. Undefined when the capture does not even hold the transport header.
 */
export function wholePacket({ capturedLength, originalLength }: CapturedPacket, network: NetworkPacket): WholePacket | undefined {
  const { bytes } = network;
  const missing = claimedLength(network) - bytes.length;
  if (missing > 0 && missing <= originalLength - capturedLength) return fill(bytes, missing);
  const layout = dissect(bytes);
  if (isFault(layout)) return { bytes, layout: undefined, filled: false, completed: false };
  if (!leftToTheCard(bytes, layout)) return { bytes, layout, filled: false, completed: false };
  const copy = bytes.slice();
  setTransportChecksum(copy, layout);
  return { bytes: copy, layout, filled: false, completed: true };
}

function claimedLength({ family, bytes }: NetworkPacket): number {
  if (family === 4) return bytes.length < 20 ? 20 : u16(bytes, 2);
  return bytes.length < 40 ? 40 : 40 + u16(bytes, 4);
}

function fill(captured: Uint8Array, missing: number): WholePacket | undefined {
  const bytes = new Uint8Array(captured.length + missing);
  bytes.set(captured);
  const layout = dissect(bytes);
  if (isFault(layout) || captured.length < layout.l4 + headerNeeded(layout)) return undefined;
  setTransportChecksum(bytes, layout);
  return { bytes, layout, filled: true, completed: false };
}

/** Bytes of the transport header that rules can ask for. */
function headerNeeded({ protocol, fragmentOffset, l4, totalLength }: Layout): number {
  if (fragmentOffset !== 0) return 0;
  const header = protocol === PROTOCOL.TCP ? 20 : protocol === PROTOCOL.SCTP || protocol === PROTOCOL.DCCP ? 12 : 8;
  return Math.min(header, totalLength - l4);
}

function leftToTheCard(bytes: Uint8Array, layout: Layout): boolean {
  const { family, protocol, l4, totalLength, fragmentOffset, moreFragments } = layout;
  if ((protocol !== PROTOCOL.TCP && protocol !== PROTOCOL.UDP) || fragmentOffset !== 0 || moreFragments) return false;
  const place = checksumPlace(layout);
  if (place === undefined) return false;
  const length = totalLength - l4;
  const sum = family === 4 ? pseudoHeaderSum4(bytes, protocol, length) : pseudoHeaderSum6(bytes, protocol, length);
  // One right checksum in 65,536 looks the same.
  return u16(bytes, place) === sum && sum !== 0 && transportChecksumHolds(bytes, layout) === false;
}
