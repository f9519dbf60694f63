/** Wires into the kernel: TUN and TAP devices. Writing a packet is synchronous: when it returns, all hooks have run. */
import { ioctl, openNonBlocking, readNow, write } from "./libc.ts";

const TUNSETIFF = 0x4004_54ca;
const IFF_TUN = 1;
const IFF_TAP = 2;
const IFF_NO_PI = 0x1000;
const ETHERNET_HEADER = 14;

/** One end of a wire. `tap` speaks Ethernet, `tun` bare IP packets. */
export interface Wire {
  readonly name: string;
  readonly kind: "tun" | "tap";
  /** Writes one frame (TAP) or packet (TUN): 0, or the errno. */
  put(frame: Uint8Array): number;
  /** The next frame or packet that left the machine here, or undefined. The bytes are the caller's. */
  take(): Uint8Array | undefined;
}

/** Makes a device in this namespace. It lives as long as the process. */
export function openWire(name: string, kind: "tun" | "tap"): Wire {
  const fd = openNonBlocking("/dev/net/tun");
  const request = new Uint8Array(40);
  new TextEncoder().encodeInto(name.slice(0, 15), request);
  new DataView(request.buffer).setUint16(16, (kind === "tun" ? IFF_TUN : IFF_TAP) | IFF_NO_PI, true);
  ioctl(fd, TUNSETIFF, request);
  const buffer = new Uint8Array(65_600);
  return {
    name,
    kind,
    put: frame => write(fd, frame),
    take() {
      const length = readNow(fd, buffer);
      return length < 0 ? undefined : buffer.slice(0, length);
    },
  };
}

/** Ethernet addresses of a frame. */
export interface LinkHeader {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
}

/** An Ethernet frame around an IP packet; its type follows the packet's version. */
export function ethernetFrame(link: LinkHeader, packet: Uint8Array): Uint8Array {
  const frame = new Uint8Array(ETHERNET_HEADER + packet.length);
  frame.set(link.destination, 0);
  frame.set(link.source, 6);
  frame.set((packet[0] ?? 0) >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00], 12);
  frame.set(packet, ETHERNET_HEADER);
  return frame;
}

/** The IP packet inside an Ethernet frame, or undefined for ARP and all else. */
export function packetOfFrame(frame: Uint8Array): Uint8Array | undefined {
  const type = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
  return type === 0x0800 || type === 0x86dd ? frame.subarray(ETHERNET_HEADER) : undefined;
}
