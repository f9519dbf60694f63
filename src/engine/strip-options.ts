import { setU16, u16, u8, updateChecksum16 } from "../packet/index.ts";
import type { Packet } from "./packet.ts";

const TCP_HEADER = 20;
const NO_OPERATION = 1;

/** Overwrites TCP options of these kinds with no-operations; false means that the packet is dropped, because its TCP header is cut. Kernel: xt_TCPOPTSTRIP.c, tcpoptstrip_mangle_packet. */
export function stripOptions(packet: Packet, kinds: readonly number[]): boolean {
  const { bytes, layout } = packet;
  if (layout.fragmentOffset !== 0) return true;
  const at = layout.l4;
  const length = layout.totalLength - at;
  if (length < TCP_HEADER) return false;
  const header = (u8(bytes, at + 12) >> 4) * 4;
  if (length < header) return false;
  packet.pull(header);
  for (let i = TCP_HEADER; i < header - 1;) {
    const kind = u8(bytes, at + i);
    const size = kind <= NO_OPERATION ? 1 : u8(bytes, at + i + 1) || 1;
    if (i + size > header) break;
    if (kinds.includes(kind)) for (let j = i; j < i + size; j++) overwrite(bytes, at, j);
    i += size;
  }
  return true;
}

function overwrite(bytes: Uint8Array, at: number, i: number): void {
  const word = at + (i & ~1);
  const before = u16(bytes, word);
  bytes[at + i] = NO_OPERATION;
  setU16(bytes, at + 16, updateChecksum16(u16(bytes, at + 16), before, u16(bytes, word)));
}
