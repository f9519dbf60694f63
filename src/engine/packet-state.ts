import { CT_INFO, type Carrier, type Connection, type CtInfo, type Tracker } from "../conntrack/index.ts";
import { dissect, isFault, setHeaderChecksum, type Circumstances, type Layout } from "../packet/index.ts";
import type { Family, SecurityStep, Track } from "../predicate/index.ts";
import type { Interface, Listener, OutputRoute, Router } from "../host/index.ts";
import type { Hook } from "../xtables/index.ts";
import type { PacketOrigin } from "./packet-origin.ts";

/** What is known of a packet's transport checksum: nothing, or that the kernel made it. Kernel: skb->ip_summed, CHECKSUM_NONE and CHECKSUM_PARTIAL. */
export type ChecksumState = "unknown" | "made-here";

/** A route that leads out. */
export type DeviceRoute = Extract<OutputRoute, { readonly to: "device" }>;

/** What is around a packet of which nothing was said. */
const NOTHING_SAID: Circumstances = {};

/** What the machine keeps of a packet on its way: the engine's struct sk_buff. */
export class PacketState implements Carrier {
  readonly family: Family;
  bytes: Uint8Array;
  layout: Layout;
  /** Whose addresses and routes the address-type fields ask. */
  readonly router: Router;
  readonly tracker: Tracker | undefined;
  readonly around: Circumstances;
  /** The interfaces of the hook that runs now; undefined where it has none. */
  in: Interface | undefined;
  out: Interface | undefined;
  physin: string | undefined;
  physout: string | undefined;
  mac: number | undefined;
  linkHeader: Uint8Array | undefined;
  pkttype: number;
  mark: number;
  priority: number;
  uid: number | undefined;
  gid: number | undefined;
  socket: boolean;
  connection: Connection | undefined = undefined;
  info: CtInfo = CT_INFO.ESTABLISHED;
  trackingReason: string | undefined = undefined;
  /** What CT or NOTRACK in raw asked of tracking. */
  template: Track | undefined = undefined;
  checksum: ChecksumState = "unknown";
  /** Tracking found its checksum right; what rules write afterwards, REJECT does not see. Kernel: skb->csum_valid. */
  sumValid = false;
  /** NAT has summed it. */
  summed = false;
  /** The hook that runs now. */
  hook: Hook = "PREROUTING";
  /** The next hop's address, when a route with a gateway was found. */
  gateway: number | bigint | undefined = undefined;
  /** Realms of its route: the source's in the upper 16 bits, the destination's in the lower. */
  realm = 0;
  /** SYNPROXY opens a connection with it. */
  proxied = false;
  /** The socket that TPROXY gave it to. */
  assigned: Listener | undefined = undefined;
  /** The route of a packet that this machine sends. */
  route: DeviceRoute | undefined = undefined;
  /** What the route said of the destination: no errors are sent for broadcasts and multicasts. */
  destinedTo: "unicast" | "local" | "broadcast" | "multicast" = "unicast";
  /** The interface it first came in on, which POSTROUTING still shows. */
  cameIn: Interface | undefined = undefined;
  /** Of a copy that TEE made: the interface that the packet came in on. */
  enteredBy: Interface | undefined = undefined;
  /** Hardware address that a bridged frame is for. */
  frameDestination = 0;
  /** Offset of the record-route option that this machine has an entry in, and of the timestamp option; -1 for none. */
  recordsRoute = -1;
  stampsAddress = -1;
  /** The header checksum does not count what was written into the options. */
  optionsChanged = false;
  /** The kernel made it, in answer to another or as a copy of one. */
  answer = false;
  /** A copy that TEE made. */
  clone = false;
  /** A value of CT_STATE that somebody asked to suppose: tracking is then left out, but for NEW. */
  supposed: number | undefined;
  /** A rule rejected it. */
  rejected = false;
  /** This machine's own copy of a multicast or broadcast that it sent. */
  mirrored = false;
  /** IPv6: a rule wrote into the header after tracking had summed the packet. */
  sumStale = false;
  /** It comes over loopback with its route, and is not routed again unless its destination changes. */
  looped = false;
  /** An answer to an untracked packet, which counts as tracked already where CT and NOTRACK look. */
  tiedToNothing = false;
  /** Largest fragment it was put together from, 0 when it came whole. */
  fragMaxSize = 0;
  /** Of that fragment: it carried DF, and must not be exceeded on the way out. */
  fragDontFragment = false;
  /** IPv6: where the fragment header was before tracking put the packet together. The stack, when it delivers, takes what is there now for the first header. */
  reassembledAt: number | undefined = undefined;
  /** Payload bytes of the fragments in order, to be cut the same way again. */
  pieces: readonly number[] | undefined = undefined;

  // Read at each refresh, because nearly every rule asks for them.
  protocol = 0;
  fragoff = 0;
  saddr4 = 0;
  daddr4 = 0;
  /** -1 where there is none. */
  sport = -1;
  dport = -1;
  private saddr6: bigint | undefined = undefined;
  private daddr6: bigint | undefined = undefined;

  /** µs: when it came. */
  readonly now: number;

  constructor(bytes: Uint8Array, layout: Layout, router: Router, now: number, origin: PacketOrigin) {
    this.now = now;
    this.family = layout.family;
    this.bytes = bytes;
    this.layout = layout;
    this.router = router;
    this.tracker = origin.tracker;
    this.around = origin.around ?? NOTHING_SAID;
    this.in = origin.in;
    this.out = undefined;
    this.physin = origin.physin;
    this.physout = origin.physout;
    this.mac = origin.mac;
    this.linkHeader = origin.linkHeader;
    this.pkttype = origin.pkttype ?? 0;
    this.mark = origin.mark ?? 0;
    this.priority = origin.priority ?? 0;
    this.uid = origin.uid;
    this.gid = origin.gid;
    this.socket = origin.socket ?? false;
    this.supposed = origin.supposed;
    this.refresh();
  }

  /** Offset of the transport header. */
  get l4(): number {
    return this.layout.l4;
  }

  /** End of the packet by its own header. */
  get end(): number {
    return this.layout.totalLength;
  }

  /** IPsec that it came through, or will go through, as was said of it. */
  securityPath(direction: "in" | "out"): readonly SecurityStep[] {
    return (direction === "in" ? this.around.ipsecIn : this.around.ipsecOut) ?? [];
  }

  /** Source address: a number for IPv4, a bigint for IPv6. */
  get source(): number | bigint {
    return this.family === 4 ? this.saddr4 : (this.saddr6 ??= address6(this.bytes, 8));
  }

  /** Destination address: a number for IPv4, a bigint for IPv6. */
  get destination(): number | bigint {
    return this.family === 4 ? this.daddr4 : (this.daddr6 ??= address6(this.bytes, 24));
  }

  /** To be called after `bytes` were written to or replaced. */
  refresh(): void {
    const { bytes, layout } = this;
    this.protocol = layout.protocol;
    this.fragoff = layout.fragmentOffset;
    if (layout.family === 4) {
      this.saddr4 = word(bytes, 12);
      this.daddr4 = word(bytes, 16);
    } else {
      this.saddr6 = undefined;
      this.daddr6 = undefined;
    }
    const at = layout.l4;
    if (layout.fragmentOffset === 0 && hasPorts(layout.protocol) && at + 4 <= layout.totalLength) {
      this.sport = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      this.dport = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    } else {
      this.sport = -1;
      this.dport = -1;
    }
  }

  /** NAT wrote into `bytes`. */
  rewritten(): void {
    this.refresh();
    this.pull(this.protocol === TCP && this.layout.l4 + 20 <= this.bytes.length ? 20 : this.protocol === SCTP ? 12 : 8);
  }

  /** A helper wrote into the payload: the checksum is now this machine's own. */
  remade(): void {
    this.checksum = "made-here";
    this.pieces = undefined;
    this.refresh();
  }

  /** A helper read all of it: how it was cut into fragments is lost. Kernel: skb_linearize. */
  linearized(): void {
    this.pieces = undefined;
  }

  /** The kernel writes or sums the first `length` bytes of the payload: if the first fragment is shorter, the old pieces are lost. Kernel: skb_ensure_writable. */
  pull(length: number): void {
    if (this.pieces !== undefined && (this.pieces[0] ?? 0) < length) this.pieces = undefined;
  }

  /** How it shows in the list of what left. */
  get kind(): "packet" | "answer" | "copy" {
    return this.clone ? "copy" : this.answer ? "answer" : "packet";
  }

  /** Takes other bytes, which must be a packet of the same family; false, and no change, when they are none. */
  replace(bytes: Uint8Array): boolean {
    const layout = dissect(bytes);
    if (isFault(layout)) return false;
    this.bytes = bytes;
    this.layout = layout;
    this.refresh();
    return true;
  }

  /** Puts the IPv4 header checksum right after a header field changed. */
  sealHeader(): void {
    if (this.family === 4) setHeaderChecksum(this.bytes, this.layout.headerLength);
  }
}

const TCP = 6;
const SCTP = 132;

function hasPorts(protocol: number): boolean {
  return protocol === 6 || protocol === 17 || protocol === 132 || protocol === 33 || protocol === 136;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  );
}

function address6(bytes: Uint8Array, at: number): bigint {
  const high = (BigInt(word(bytes, at)) << 32n) | BigInt(word(bytes, at + 4));
  return (high << 64n) | (BigInt(word(bytes, at + 8)) << 32n) | BigInt(word(bytes, at + 12));
}
