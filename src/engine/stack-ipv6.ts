import { u8 } from "../packet/index.ts";
import type { Packet } from "./packet.ts";

/** What the stack's walk along a delivered packet's headers comes to. */
export type StackWalk =
  | { readonly at: "handler"; readonly protocol: number }
  /** Dropped without a word. */
  | { readonly at: "nothing" }
  /** A parameter problem: its code, and the offset of the byte that it points at. */
  | { readonly at: "problem"; readonly code: number; readonly pointer: number };

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const NO_NEXT = 59;
const DESTINATION = 60;
/** Protocols that IPv6 has handlers for, PIM among them. AH and ESP have none as long as no IPsec is set up. */
const HANDLED: ReadonlySet<number> = new Set([6, 17, 58, 103, 136]);

/** Of a fragment header: the offset, and that more follow. */
const OFFSET_AND_MORE = 0xfff9;
const LONGEST_PADDING = 7;
const MOST_OPTIONS = 8;
const HOME_ADDRESS = 201;

/** Follows the headers as the stack does when it delivers, up to a handler; a fragment header is one for what is still to be put together. Kernel: ip6_input.c, ip6_protocol_deliver_rcu; exthdrs.c. */
export function walkStack({ bytes, layout, destinedTo, reassembledAt }: Packet, fragments = false): StackWalk {
  const end = layout.totalLength;
  // Tracking's reassembly leaves the stack with the first header's number, but at the place where the fragment header was. Kernel: nf_conntrack_reasm.c, nf_ct_frag6_reasm.
  let pointer = reassembledAt !== undefined && u8(bytes, 6) === HOP_BY_HOP ? 40 : 6;
  let at = reassembledAt ?? 40;
  let atomic = reassembledAt !== undefined;
  for (;;) {
    const protocol = u8(bytes, pointer);
    if (HANDLED.has(protocol)) return { at: "handler", protocol };
    if (protocol === NO_NEXT) return { at: "nothing" };
    if (protocol !== HOP_BY_HOP && protocol !== ROUTING && protocol !== FRAGMENT && protocol !== DESTINATION)
      return { at: "problem", code: 1, pointer };
    // Hop-by-hop options belong in front, where they have been looked at before any hook.
    if (protocol === HOP_BY_HOP && pointer !== 6) return { at: "problem", code: 1, pointer };
    const length = protocol === FRAGMENT ? 8 : at + 2 <= end ? (u8(bytes, at + 1) + 1) * 8 : 0;
    if (length === 0 || at + length > end) return { at: "nothing" };
    if (protocol === FRAGMENT) {
      if (atomic) return { at: "problem", code: 0, pointer: at };
      if (fragments && ((u8(bytes, at + 2) << 8) | u8(bytes, at + 3)) & OFFSET_AND_MORE) return { at: "handler", protocol };
      // A fragment that is the whole packet; there may be one. Kernel: reassembly.c, ipv6_frag_rcv.
      atomic = true;
    }
    if (protocol === ROUTING && u8(bytes, at + 3) !== 0) return { at: "problem", code: 0, pointer: at + 2 };
    const stop = protocol === DESTINATION ? destinationOptions(bytes, at, at + length, destinedTo === "multicast") : undefined;
    if (stop !== undefined) return stop;
    pointer = at;
    at += length;
  }
}

/**
 * Does a first fragment lack part of its transport header? Its sender is then told so. Kernel: reassembly.c, ipv6_frag_rcv; exthdrs_core.c,
 * ipv6frag_thdr_truncated.
 */
export function firstFragmentCut({ layout, fragoff, protocol }: Packet): boolean {
  if (fragoff !== 0 || !layout.moreFragments || protocol < 0) return false;
  const needed = protocol === 6 ? 20 : protocol === 17 || protocol === 58 ? 8 : 1;
  return layout.l4 + needed > layout.totalLength;
}

/** Kernel: exthdrs.c, ip6_parse_tlv and ip6_tlvopt_unknown. The home address option is taken for granted. */
function destinationOptions(bytes: Uint8Array, start: number, stop: number, multicast: boolean): StackWalk | undefined {
  let padding = 0;
  let options = 0;
  for (let at = start + 2; at < stop;) {
    const kind = u8(bytes, at);
    const length = kind === 0 ? 1 : at + 2 <= stop ? u8(bytes, at + 1) + 2 : 0;
    if (length === 0 || at + length > stop) return { at: "nothing" };
    if (kind <= 1) {
      padding += length;
      if (padding > LONGEST_PADDING || bytes.subarray(at + 2, at + length).some(byte => byte !== 0)) return { at: "nothing" };
    } else {
      if (++options > MOST_OPTIONS) return { at: "nothing" };
      padding = 0;
      const wish = kind === HOME_ADDRESS ? 0 : kind >> 6;
      if (wish === 1 || (wish === 3 && multicast)) return { at: "nothing" };
      if (wish >= 2) return { at: "problem", code: 2, pointer: at };
    }
    at += length;
  }
  return undefined;
}
