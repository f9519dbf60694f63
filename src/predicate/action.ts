import type { Facts, Field, Moment, Scalar } from "./field.ts";
import type { SetChange } from "./set-test.ts";

/** How REJECT answers. `tcp-reset` is a RST; the others are ICMP or ICMPv6 errors of the given type and code. */
export type Rejection =
  | { readonly kind: "tcp-reset" }
  | { readonly kind: "icmp"; readonly type: number; readonly code: number; readonly name: string };

/** Where the new address of a NAT mapping comes from. */
export type NatAddress =
  /** The address stays; only the port changes. */
  | { readonly from: "packet" }
  | { readonly from: "range"; readonly low: Scalar; readonly high: Scalar }
  /** MASQUERADE: the address of the outgoing interface. REDIRECT: the address of the incoming one, or loopback in OUTPUT. */
  | { readonly from: "interface" }
  /** NETMAP: network bits from `network`, host bits from the packet. The hook says which end: the source in POSTROUTING and INPUT, else the destination, whatever `manip` is. */
  | { readonly from: "netmap"; readonly network: Scalar; readonly mask: Scalar };

/** A NAT mapping to set up for a connection's first packet. Kernel: struct nf_nat_range2. */
export interface Nat {
  readonly do: "nat";
  readonly manip: "source" | "destination";
  readonly address: NatAddress;
  /** Port range, low to high, when the rule gives one. */
  readonly ports?: readonly [low: number, high: number];
  /** `--to-ports a-b/c`: destination ports keep their distance from this base. */
  readonly portBase?: number;
  readonly random: boolean;
  readonly randomFully: boolean;
  readonly persistent: boolean;
}

/** What a LOG rule writes. Level 0 (emerg) to 7 (debug). */
export interface Log {
  readonly do: "log";
  readonly prefix: string;
  readonly level: number;
  readonly tcpSequence: boolean;
  readonly tcpOptions: boolean;
  readonly ipOptions: boolean;
  readonly uid: boolean;
  readonly macDecode: boolean;
}

/** Connection-tracking control in the raw table: what CT and NOTRACK ask for. */
export interface Track {
  readonly do: "track";
  readonly notrack: boolean;
  readonly helper?: string;
  readonly timeout?: string;
  readonly zone?: { readonly id: number | "mark"; readonly direction?: "original" | "reply" };
  readonly events?: readonly string[];
  readonly expectationEvents?: readonly string[];
}

/** A part of a value that comes from another field: `((field & mask) shifted) ^ flip` in 32 bits; to the left for a positive shift. */
export interface FieldSource {
  readonly field: Field;
  readonly mask: number;
  readonly shift: number;
  /** 0 when missing. */
  readonly flip?: number;
}

/** A value that a function of the packet gives; undefined where the packet has none. */
export interface Computed {
  /** What a report says of it. */
  readonly about: string;
  of(facts: Facts): number | undefined;
}

/** A field becomes `(field & ~clear) ^ value`, all 32 bits of it. Where the field or the source is absent, nothing happens. */
export interface SetField {
  readonly do: "set";
  readonly field: Field;
  readonly clear: number;
  readonly value: number | FieldSource | Computed;
  /** What is set after it. */
  readonly next?: SetField;
}

/** Something that a rule does with state of its own and that changes neither packet nor verdict: a rate estimator, a timer, an audit record. */
export interface Effect<State = unknown> {
  readonly do: "effect";
  /** The extension's name, or for shared state its key. */
  readonly name: string;
  /** What a report says of it. */
  readonly about: string;
  /** Steps with the same key share one state, with opaque conditions too; without a key each rule has its own. */
  readonly share?: string;
  start(moment: Moment): State;
  /** What the kernel would log, if anything. */
  step(state: State, facts: Facts, moment: Moment): string | undefined;
}

/** Adds the packet to ipsets, removes it, or takes mark, priority and queue from an entry (`--map-set`). */
export interface ChangeSets {
  readonly do: "sets";
  readonly add?: SetChange & {
    /** Seconds; the set's own default where it is not given. */
    readonly timeout?: number;
    /** An entry that is there gets the timeout anew. */
    readonly renew: boolean;
  };
  readonly remove?: SetChange;
  readonly map?: SetChange & { readonly mark: boolean; readonly priority: boolean; readonly queue: boolean };
}

/**
 * What a rule does to a packet that it matches. Closed, like Predicate.
 *
 * Verdicts end the traversal of the table (accept, drop, reject, queue, nat and tproxy, which accept, and synproxy); return, jump and goto
 * move within it; every other action lets the packet go on to the next rule.
 */
export type Action =
  | { readonly do: "continue" }
  | { readonly do: "accept" }
  | { readonly do: "drop" }
  | { readonly do: "return" }
  | { readonly do: "jump"; readonly chain: string }
  | { readonly do: "goto"; readonly chain: string }
  | { readonly do: "reject"; readonly with: Rejection }
  | { readonly do: "queue"; readonly low: number; readonly high: number; readonly bypass: boolean; readonly byCpu?: boolean }
  | Log
  | { readonly do: "nflog"; readonly group: number; readonly prefix: string; readonly size?: number; readonly threshold: number }
  | SetField
  /** TTL or hop limit moves by `delta` and stops at 0 and 255. */
  | { readonly do: "add"; readonly field: "ttl"; readonly delta: number }
  /** The MSS option of a SYN: set to a value, or lowered to the path MTU less headers. */
  | { readonly do: "mss"; readonly to: number | "path" }
  | Nat
  | Track
  /** TCP options of these kinds are overwritten with no-operations. Kernel: xt_TCPOPTSTRIP.c. */
  | { readonly do: "strip"; readonly kinds: readonly number[] }
  /** A copy of the packet goes to another machine. Kernel: xt_TEE.c. */
  | { readonly do: "tee"; readonly gateway: Scalar; readonly device?: string }
  /** To a local socket, without a change to the packet: accepts, or drops where no socket listens. Kernel: xt_TPROXY.c. Port 0 is the packet's. */
  | { readonly do: "tproxy"; readonly address: Scalar; readonly port: number; readonly mark: number; readonly mask: number }
  /** The machine shakes hands in the server's place, then with the server. Kernel: ipt_SYNPROXY.c. A verdict of its own. */
  | {
      readonly do: "synproxy";
      readonly mss: number;
      /** Below 0 where the rule gives none. */
      readonly windowScale: number;
      readonly timestamp: boolean;
      readonly selectiveAck: boolean;
      readonly ecn: boolean;
    }
  /** Stateless IPv6 prefix translation that keeps checksums right. Kernel: ip6t_NPT.c. */
  | {
      readonly do: "prefix";
      readonly end: "source" | "destination";
      readonly from: { readonly network: bigint; readonly prefixLength: number };
      readonly to: { readonly network: bigint; readonly prefixLength: number };
    }
  | ChangeSets
  | Effect
  /** Fill in a checksum left to hardware: no change to a complete packet. */
  | { readonly do: "checksum" }
  | { readonly do: "trace" }
  /** Refused at load, or kept by --lenient as an action nobody knows. */
  | { readonly do: "unknown"; readonly name: string; readonly about: string };

/** Does the action lead to another chain? */
export const leads = (action: Action | undefined): action is Extract<Action, { do: "jump" | "goto" }> =>
  action?.do === "jump" || action?.do === "goto";

/** Does the action end the traversal of its table? */
export function isVerdict(action: Action): boolean {
  switch (action.do) {
    case "accept":
    case "drop":
    case "reject":
    case "queue":
    case "nat":
    case "tproxy":
    case "synproxy":
      return true;
    case "strip":
    case "tee":
    case "prefix":
    case "sets":
    case "effect":
    case "track":
    case "continue":
    case "return":
    case "jump":
    case "goto":
    case "log":
    case "nflog":
    case "set":
    case "add":
    case "mss":
    case "checksum":
    case "trace":
    case "unknown":
      return false;
  }
}
