import type { Layout } from "../packet/index.ts";

/** Who gathers: fragments of one never complete another's (enum ip_defrag_users). `zone` sets queues of conntrack zones apart. */
export interface DefragUser {
  readonly at: "PREROUTING" | "OUTPUT" | "delivery";
  readonly zone?: number | undefined;
  /** The interface it came in on, which sets apart IPv6 queues for link-local and multicast addresses. */
  readonly in?: string | undefined;
}

/**
 * What became of a packet: "pass" is no fragment; "held" waits for the rest; "dropped" was refused, or refused and its queue
 * with it; "whole" is the reassembled packet. `maximum` is the size in bytes of the largest fragment, to which the packet must
 * be cut again on its way out; `dontFragment` says that the largest carried DF, so that ip_fragment must not exceed it.
 * `parts` are the lengths of the fragments' data in order: a packet that nothing made longer or linear goes out cut as it came,
 * and then without DF (ip_output.c, ip_do_fragment's fast path).
 */
export type Defragmented =
  | { readonly do: "pass" }
  | { readonly do: "held" }
  | { readonly do: "dropped"; readonly reason: string }
  | {
      readonly do: "whole";
      readonly bytes: Uint8Array;
      readonly layout: Layout;
      readonly maximum: number;
      readonly dontFragment: boolean;
      readonly parts: readonly number[];
    };
