/** A step of IPsec, as the notation says it; mode tunnel where the ends are given. Kernel: struct xt_policy_elem. */
export interface SecurityStepSpec {
  readonly mode: "transport" | "tunnel";
  /** ESP 50, AH 51, IPComp 108. */
  readonly protocol: number;
  readonly spi: number;
  readonly reqid: number;
  readonly source?: number | bigint;
  readonly destination?: number | bigint;
}

/** The local socket that a packet is for, as `-m socket` finds it. */
export interface LocalSocket {
  /** Bound to one address, or connected; else to any. */
  readonly bound: boolean;
  /** IP_TRANSPARENT. */
  readonly transparent: boolean;
}

/** What is around a packet, neither in its bytes nor known of the machine. What is absent was not said. */
export interface Circumstances {
  /** The processor that handles it, 0 by default. */
  readonly cpu?: number;
  /** Class of the sender's net_cls control group. */
  readonly cgroup?: number;
  /** The sender's control group in the unified hierarchy: `/user.slice`. */
  readonly cgroupPath?: string;
  /** Routing realm: the source's in the upper 16 bits, the destination's in the lower; its route's by default. */
  readonly realm?: number;
  /** Groups of its interfaces; the host's by default. */
  readonly inGroup?: number;
  readonly outGroup?: number;
  /** IPsec it came through, and that its route leads it through, outermost first. */
  readonly ipsecIn?: readonly SecurityStepSpec[];
  readonly ipsecOut?: readonly SecurityStepSpec[];
  /** The local socket that it is for; what the host's listeners say by default. */
  readonly localSocket?: LocalSocket;
  /** SO_MARK of that socket. */
  readonly socketMark?: number;
}
