/** Packets that the kernel logs to user space: NFLOG over netlink (nfnetlink_log.c). */
import { bind, receiveNow, sendTo, setOption, socket } from "./libc.ts";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_NETFILTER = 12;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
const NETLINK_NO_ENOBUFS = 5;
const ULOG_CONFIG = (4 << 8) | 1;
const ULOG_PACKET = 4 << 8;
const NLM_F_REQUEST = 1;
const HEADER = 16 + 4;

/** One logged packet. Interfaces are kernel indices, 0 for none; the mark is the packet's. */
export interface Logged {
  readonly group: number;
  readonly hook: number;
  readonly inIndex: number;
  readonly outIndex: number;
  readonly mark: number;
  readonly prefix: string;
  readonly bytes: Uint8Array;
}

/** Listens on NFLOG groups of this namespace; `drain` returns what has been logged since. */
export class LogReader {
  readonly #fd: number;
  readonly #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 18);

  constructor(groups: readonly number[]) {
    this.#fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
    setOption(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20);
    setOption(this.#fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, 1);
    bind(this.#fd, Uint8Array.of(AF_NETLINK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    for (const group of groups) {
      this.#configure(group, attribute(1, [1]));
      this.#configure(group, attribute(2, [0, 0, 0xff, 0xff, 2, 0]));
      this.#configure(group, attribute(5, [0, 0, 0, 1]));
    }
  }

  #configure(group: number, body: readonly number[]): void {
    const length = HEADER + body.length;
    const header = [length & 255, length >> 8, 0, 0, ULOG_CONFIG & 255, ULOG_CONFIG >> 8, NLM_F_REQUEST, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    const family = [0, 0, group >> 8, group & 255];
    sendTo(this.#fd, Uint8Array.from([...header, ...family, ...body]), null);
  }

  /** Everything logged since the last call, in order. */
  drain(): Logged[] {
    const all: Logged[] = [];
    for (;;) {
      const length = receiveNow(this.#fd, this.#buffer);
      if (length < 0) return all;
      const view = new DataView(this.#buffer.buffer, 0, length);
      for (let at = 0; at + HEADER <= length;) {
        const size = view.getUint32(at, true);
        if (size < HEADER) break;
        if (view.getUint16(at + 4, true) === ULOG_PACKET) all.push(readPacket(view, at, Math.min(at + size, length)));
        at += (size + 3) & ~3;
      }
    }
  }
}

function attribute(type: number, value: readonly number[]): number[] {
  const length = 4 + value.length;
  const padding = Array.from({ length: (4 - (length & 3)) & 3 }, () => 0);
  return [length & 255, length >> 8, type, 0, ...value, ...padding];
}

function readPacket(view: DataView, start: number, end: number): Logged {
  const found = { group: view.getUint16(start + 18), hook: 0, inIndex: 0, outIndex: 0, mark: 0, prefix: "", bytes: new Uint8Array() };
  for (let at = start + HEADER; at + 4 <= end;) {
    const size = view.getUint16(at, true);
    if (size < 4) break;
    const from = at + 4;
    const value = new Uint8Array(view.buffer, from, Math.min(at + size, end) - from);
    switch (view.getUint16(at + 2, true) & 0x3fff) {
      case 1:
        found.hook = value[2] ?? 0;
        break;
      case 2:
        found.mark = view.getUint32(from);
        break;
      case 4:
        found.inIndex = view.getUint32(from);
        break;
      case 5:
        found.outIndex = view.getUint32(from);
        break;
      case 9:
        found.bytes = value.slice();
        break;
      case 10:
        found.prefix = new TextDecoder().decode(value).replace(/\0+$/, "");
        break;
      default:
        break;
    }
    at += (size + 3) & ~3;
  }
  return found;
}
