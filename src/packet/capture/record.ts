/** What kind of receiver a frame was for: skb->pkt_type, as `-m pkttype` sees it. Ethernet alone cannot tell `host` from `otherhost`. */
export type FrameKind = "host" | "broadcast" | "multicast" | "otherhost" | "outgoing";

/** What Linux's PACKET_HOST, PACKET_BROADCAST … (if_packet.h) stand for, in order. */
export const PACKET_KINDS: readonly FrameKind[] = ["host", "broadcast", "multicast", "otherhost", "outgoing"];

/** A 16-bit counter in the link header that counts up to the end of the network packet, so that a rewrite must adjust it. */
export interface LengthField {
  /** In bytes from the start of the frame. */
  readonly offset: number;
  readonly little: boolean;
}

/** The IP packet that a frame carries. */
export interface NetworkPacket {
  readonly family: 4 | 6;
  /** From the IP header on, without what the link padded; shorter than the IP header says when the capture cut it. A view of the frame. */
  readonly bytes: Uint8Array;
  /** In bytes from the start of the frame. */
  readonly offset: number;
  readonly sourceMac: Uint8Array | undefined;
  readonly destinationMac: Uint8Array | undefined;
  /** 802.1Q identifiers, the outermost first. */
  readonly vlan: readonly number[];
  readonly pkttype: FrameKind | undefined;
  readonly lengthFields: readonly LengthField[];
}

/** One frame of a capture file. */
export interface CapturedPacket {
  readonly kind: "packet";
  /** From 1, in file order; frames that a fault replaces are counted too. */
  readonly number: number;
  /** Nanoseconds since 1970-01-01T00:00Z. */
  readonly time: bigint;
  /** The file's own resolution: `us` for microseconds or coarser. */
  readonly precision: "us" | "ns";
  /** In bytes from the start of the file. */
  readonly offset: number;
  /** The LINKTYPE_ number (tcpdump.org/linktypes). */
  readonly linkType: number;
  /** pcapng's if_name. */
  readonly interfaceName: string | undefined;
  /** The interface index that the capturing host wrote into the record or the link header. */
  readonly interfaceIndex: number | undefined;
  /** Bytes in the file: `frame.length`. */
  readonly capturedLength: number;
  /** Bytes on the wire. */
  readonly originalLength: number;
  /** From the link header on; a view of the input where possible. */
  readonly frame: Uint8Array;
  readonly network: NetworkPacket | undefined;
  /** Why there is no `network`: `ARP`, `link type 105 (IEEE 802.11) is not carried`. */
  readonly skipped: string | undefined;
}

/** What is wrong with a capture file, and where. */
export interface CaptureFault {
  readonly kind: "fault";
  /** In bytes from the start of the file: the block or record that is wrong. */
  readonly offset: number;
  readonly message: string;
  /** Nothing follows a fatal fault; after any other the file goes on. */
  readonly fatal: boolean;
}

/** What reading a capture yields. */
export type CaptureItem = CapturedPacket | CaptureFault;

/** The longest frame that is read, in bytes: libpcap's MAXIMUM_SNAPLEN. */
export const CAPTURED_LENGTH_LIMIT: number = 262_144;

/** A fault after which nothing can be read. */
export function fatal(offset: number, message: string): CaptureFault {
  return { kind: "fault", offset, message, fatal: true };
}

/** A fault that costs one record or less. */
export function flaw(offset: number, message: string): CaptureFault {
  return { kind: "fault", offset, message, fatal: false };
}
