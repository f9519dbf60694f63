import { concat, setU16, setU32, u16, u8 } from "./bytes.ts";
import { setHeaderChecksum } from "./internet-checksum.ts";
import { Ipv4 } from "./ipv4.ts";
import { buildFragmentHeader } from "./ipv6.ts";
import { dissect } from "./layout.ts";
import { isFault } from "./fault.ts";
import type { Layout } from "./layout.ts";
import { PROTOCOL } from "./numbers.ts";

/**
 * Cuts a packet into fragments of at most `mtu` bytes, as ip_do_fragment and ip6_fragment do; a packet that fits, or that is
 * no packet, comes back alone, and so does one whose header leaves no room for 8 bytes. DF is not asked. `identification` is
 * the IPv6 fragment id (IPv4 keeps the packet's own).
 */
export function fragmentPacket(bytes: Uint8Array, mtu: number, identification = 0): Uint8Array[] {
  const layout = dissect(bytes);
  if (isFault(layout) || layout.totalLength <= mtu) return [bytes];
  return layout.family === 4 ? fragment4(bytes, layout, mtu) : fragment6(bytes, layout, mtu, identification);
}

function fragment4(bytes: Uint8Array, layout: Layout, mtu: number): Uint8Array[] {
  const { headerLength, totalLength } = layout;
  const room = (mtu - headerLength) & ~7;
  if (room < 8) return [bytes];
  const fragments: Uint8Array[] = [];
  for (let at = headerLength; at < totalLength; at += room) {
    const stop = Math.min(at + room, totalLength);
    const part = concat(bytes.subarray(0, headerLength), bytes.subarray(at, stop));
    const more = stop < totalLength || layout.moreFragments;
    const offset = layout.fragmentOffset + (at - headerLength) / 8;
    setU16(part, 2, part.length);
    setU16(part, 6, (u16(bytes, 6) & 0xc000) | (more ? 0x2000 : 0) | (offset & 0x1fff));
    if (at > headerLength) blankUncopied(part);
    setHeaderChecksum(part, headerLength);
    fragments.push(part);
  }
  return fragments;
}

/** Later fragments carry only the options whose copied bit is set; the others become no-operations (ip_options_fragment). */
function blankUncopied(part: Uint8Array): void {
  const view = Ipv4.at(part);
  if (view === undefined) return;
  for (const option of view.options()) {
    if ((option.kind & 0x80) === 0) part.fill(1, option.offset, option.offset + option.length);
  }
}

function fragment6(bytes: Uint8Array, layout: Layout, mtu: number, identification: number): Uint8Array[] {
  const { totalLength } = layout;
  const { end, nextAt } = unfragmentable(layout);
  const room = (mtu - end - 8) & ~7;
  if (room < 8 || layout.fragmentHeader !== undefined) return [bytes];
  const head = bytes.slice(0, end);
  const next = u8(head, nextAt);
  head[nextAt] = PROTOCOL.FRAGMENT;
  const fragments: Uint8Array[] = [];
  for (let at = end; at < totalLength; at += room) {
    const stop = Math.min(at + room, totalLength);
    const header = buildFragmentHeader((at - end) / 8, stop < totalLength, identification).bytes;
    header[0] = next;
    setU32(header, 4, identification);
    const part = concat(head, header, bytes.subarray(at, stop));
    setU16(part, 4, part.length - 40);
    fragments.push(part);
  }
  return fragments;
}

/**
 * The part that every fragment repeats, as ip6_find_1stfragopt ends it: hop-by-hop and routing headers, and destination
 * options unless a routing header came before them; `nextAt` is the byte that names what follows.
 */
function unfragmentable(layout: Layout): { readonly end: number; readonly nextAt: number } {
  let end = 40;
  let nextAt = 6;
  let routed = false;
  for (const { protocol, offset, length } of layout.extensions) {
    if (protocol === PROTOCOL.ROUTING) routed = true;
    else if (protocol !== PROTOCOL.HOPOPTS && (protocol !== PROTOCOL.DSTOPTS || routed)) break;
    end = offset + length;
    nextAt = offset;
  }
  return { end, nextAt };
}
