import { PROTOCOL, u16, u8 } from "../packet/index.ts";

/** Length in bytes of an IPv6 extension header by the number in its second byte; undefined for protocols that are none (ipv6_ext_hdr). */
export function extensionLength(protocol: number, units: number): number | undefined {
  switch (protocol) {
    case PROTOCOL.HOPOPTS:
    case PROTOCOL.ROUTING:
    case PROTOCOL.DSTOPTS:
      return (units + 1) * 8;
    case PROTOCOL.FRAGMENT:
      return 8;
    case PROTOCOL.AH:
      return (units + 2) * 4;
    default:
      return undefined;
  }
}

/** The end of a row of extension headers. */
export interface ExtensionsEnd {
  /** Where the header after them is; undefined when one of them is cut or says that nothing follows. */
  readonly offset: number | undefined;
  /** The protocol of that header. */
  readonly next: number;
  /** The last fragment header's word of offset and flags; 0 without one. */
  readonly fragment: number;
}

/**
 * Walks the extension headers that begin at `at`, `protocol` being the first one's number, up to a later fragment's fragment
 * header (ipv6/exthdrs_core.c, ipv6_skip_exthdr).
 */
export function skipExtensions(bytes: Uint8Array, protocol: number, at: number, end: number): ExtensionsEnd {
  let fragment = 0;
  let next = protocol;
  let offset = at;
  for (;;) {
    if (next === PROTOCOL.NONE) return { offset: undefined, next, fragment };
    const length = extensionLength(next, u8(bytes, offset + 1));
    if (length === undefined) return { offset, next, fragment };
    if (offset + (next === PROTOCOL.FRAGMENT ? 4 : 2) > end) return { offset: undefined, next, fragment };
    if (next === PROTOCOL.FRAGMENT) {
      fragment = u16(bytes, offset + 2);
      if ((fragment & 0xfff8) !== 0) return { offset, next, fragment };
    }
    next = u8(bytes, offset);
    offset += length;
  }
}
