import type { Outcome } from "../engine/index.ts";
import { buildFrame, rewriteFrame, type CapturedPacket, type FrameToWrite, type NetworkPacket } from "../packet/index.ts";

/** What leaves in a captured packet's stead. */
export interface LeavingFrames {
  readonly frames: readonly FrameToWrite[];
  /** Answers for which the capture's link type has no header that could be made. */
  readonly lost: number;
}

/**
 * The frames of one outcome: the packet as it leaves or is delivered, in its own link header, and the answers that the kernel makes
 * to it. What the capture had cut stays cut.
 */
export function leavingFrames(captured: CapturedPacket, network: NetworkPacket, { emitted, delivered }: Outcome): LeavingFrames {
  const { time, linkType, interfaceName, capturedLength, originalLength } = captured;
  const frames: FrameToWrite[] = [];
  let lost = 0;
  const own = (bytes: Uint8Array, device: string | undefined): FrameToWrite => {
    const cut = originalLength > capturedLength && bytes.length > network.bytes.length;
    const kept = cut ? bytes.subarray(0, network.bytes.length) : bytes;
    const frame = rewriteFrame({ frame: captured.frame, network }, kept);
    return { time, linkType, frame, originalLength: frame.length + bytes.length - kept.length, interfaceName: device };
  };
  if (delivered) frames.push(own(delivered, interfaceName));
  for (const { bytes, kind, interface: device } of emitted) {
    if (kind === "packet") {
      frames.push(own(bytes, device));
      continue;
    }
    const { sourceMac, destinationMac } = network;
    const frame = buildFrame(linkType, (bytes[0] ?? 0) >> 4 === 6 ? 6 : 4, bytes, { sourceMac: destinationMac, destinationMac: sourceMac });
    if (frame === undefined) lost++;
    else frames.push({ time, linkType, frame, interfaceName: device });
  }
  return { frames, lost };
}
