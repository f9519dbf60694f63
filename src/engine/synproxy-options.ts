import { setU32, u16, u32, u8 } from "../packet/index.ts";

/** TCP options as SYNPROXY reads and writes them; undefined where a segment has none. Kernel: nf_synproxy.h, struct synproxy_options. */
export interface ProxyOptions {
  readonly mss: number | undefined;
  readonly scale: number | undefined;
  readonly timestamp: { readonly value: number; readonly echo: number } | undefined;
  readonly selective: boolean;
}

const TCP_HEADER = 20;
const KIND = { END: 0, NO_OPERATION: 1, MSS: 2, SCALE: 3, SELECTIVE: 4, TIMESTAMP: 8 } as const;
const LARGEST_SCALE = 14;

/** Reads the options of a TCP header at `at`; undefined where the header is too short or cut. Kernel: nf_synproxy_core.c, synproxy_parse_options. */
export function readOptions(bytes: Uint8Array, at: number, end: number): ProxyOptions | undefined {
  const stop = at + (u8(bytes, at + 12) >> 4) * 4;
  if (stop < at + TCP_HEADER || stop > end) return undefined;
  let mss: number | undefined;
  let scale: number | undefined;
  let timestamp: ProxyOptions["timestamp"];
  let selective = false;
  for (let i = at + TCP_HEADER; i < stop;) {
    const kind = u8(bytes, i);
    if (kind === KIND.END) break;
    if (kind === KIND.NO_OPERATION) {
      i++;
      continue;
    }
    const size = i + 2 <= stop ? u8(bytes, i + 1) : 0;
    if (size < 2 || i + size > stop) break;
    if (kind === KIND.MSS && size === 4) mss = u16(bytes, i + 2);
    else if (kind === KIND.SCALE && size === 3) scale = Math.min(u8(bytes, i + 2), LARGEST_SCALE);
    else if (kind === KIND.TIMESTAMP && size === 10) timestamp = { value: u32(bytes, i + 2), echo: u32(bytes, i + 6) };
    else if (kind === KIND.SELECTIVE && size === 2) selective = true;
    i += size;
  }
  return { mss, scale, timestamp, selective };
}

/** The options as bytes, whole words. Kernel: nf_synproxy_core.c, synproxy_build_options. */
export function writeOptions({ mss, scale, timestamp, selective }: ProxyOptions): Uint8Array {
  const words: number[] = [];
  if (mss !== undefined) words.push(0x02040000 + mss);
  if (timestamp !== undefined) words.push(selective ? 0x0402080a : 0x0101080a, timestamp.value, timestamp.echo);
  else if (selective) words.push(0x01010402);
  if (scale !== undefined) words.push(0x01030300 + scale);
  const bytes = new Uint8Array(words.length * 4);
  for (const [index, word] of words.entries()) setU32(bytes, index * 4, word >>> 0);
  return bytes;
}

/** Where the timestamp option stands in the TCP header at `at`; undefined without one. Kernel: nf_synproxy_core.c, synproxy_tstamp_adjust. */
export function timestampAt(bytes: Uint8Array, at: number, end: number): number | undefined {
  const stop = at + (u8(bytes, at + 12) >> 4) * 4;
  if (stop > end) return undefined;
  for (let i = at + TCP_HEADER; i < stop;) {
    const kind = u8(bytes, i);
    if (kind === KIND.END) return undefined;
    if (kind === KIND.NO_OPERATION) {
      i++;
      continue;
    }
    const size = i + 1 < stop ? u8(bytes, i + 1) : 0;
    if (size < 2 || i + size > stop) return undefined;
    if (kind === KIND.TIMESTAMP && size === 10) return i;
    i += size;
  }
  return undefined;
}
