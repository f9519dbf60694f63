/**
 * Capture files, read and written in bounded memory: bytes → `CaptureDecoder` → records → `decodeLink` → IP packets, and back
 * by `rewriteFrame` and a writer.
 */
export { VLAN_DEPTH_LIMIT } from "./ethernet.ts";
export { buildFrame, rewriteFrame, type FrameAddresses } from "./rewrite.ts";
export { decodeLink, LINK_TYPE, type DecodedLink } from "./link.ts";
export { linkTypeName } from "./link-names.ts";
export { BLOCK_LENGTH_LIMIT, INTERFACE_LIMIT } from "./pcapng.ts";
export { CaptureDecoder, decodeCapture, readCapture, type CaptureSource, type ReadOptions } from "./reader.ts";
export {
  CAPTURED_LENGTH_LIMIT,
  type CapturedPacket,
  type CaptureFault,
  type CaptureItem,
  type FrameKind,
  type LengthField,
  type NetworkPacket,
} from "./record.ts";
export {
  encodeCapture,
  PcapngWriter,
  PcapWriter,
  writeCapture,
  type CaptureWriter,
  type FrameToWrite,
  type PcapOptions,
} from "./writer.ts";
