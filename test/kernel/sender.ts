/** Packets of local processes: raw sockets that take the whole IP packet from us. */
import { addressText } from "./generate/bytes.ts";
import { asOwner, bind, sendTo, setOption, socket } from "./libc.ts";

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_RAW = 3;
const IPPROTO_RAW = 255;
const SOL_SOCKET = 1;
const SO_MARK = 36;
const SOL_IPV6 = 41;
const IPV6_HDRINCL = 36;
const SO_BROADCAST = 6;
const SO_SNDBUFFORCE = 32;

/** Who sends, and the mark of the sending socket. */
export interface Sender {
  readonly uid: number;
  readonly gid: number;
  readonly mark: number;
}

/** Sends IP packets from this machine, so that they start at OUTPUT. Sockets are kept, one for each owner. */
export class LocalSender {
  readonly #sockets: Map<string, number> = new Map();
  readonly #own: ReadonlySet<string>;

  /** `own` are the machine's addresses, as addressText prints them. */
  constructor(own: Iterable<string>) {
    this.#own = new Set(own);
  }

  /** 0 when the kernel took the packet, or the errno that sendto() gave the process: EPERM (1) where OUTPUT or POSTROUTING dropped it. */
  send(packet: Uint8Array, from: Sender): number {
    const family = (packet[0] ?? 0) >> 4;
    const fd = this.#socket(packet, family, from);
    setOption(fd, SOL_SOCKET, SO_MARK, from.mark);
    return sendTo(fd, packet, family === 6 ? socketAddress6(packet.subarray(24, 40)) : socketAddress4(packet.subarray(16, 20)));
  }

  /** A socket of this owner, bound to the packet's source where that is an address of this machine: it then decides the route. */
  #socket(packet: Uint8Array, family: number, from: Sender): number {
    const source = family === 6 ? packet.subarray(8, 24) : packet.subarray(12, 16);
    const key = `${family} ${from.uid} ${from.gid} ${source.join(".")}`;
    const known = this.#sockets.get(key);
    if (known !== undefined) return known;
    const fd = asOwner(from.uid, from.gid, () => socket(family === 6 ? AF_INET6 : AF_INET, SOCK_RAW, IPPROTO_RAW));
    if (family === 6) setOption(fd, SOL_IPV6, IPV6_HDRINCL, 1);
    else setOption(fd, SOL_SOCKET, SO_BROADCAST, 1);
    setOption(fd, SOL_SOCKET, SO_SNDBUFFORCE, 4 << 20);
    if (this.#own.has(addressText(source))) bind(fd, family === 6 ? socketAddress6(source) : socketAddress4(source));
    this.#sockets.set(key, fd);
    return fd;
  }
}

function socketAddress4(ip: Uint8Array): Uint8Array {
  const address = new Uint8Array(16);
  address[0] = AF_INET;
  address.set(ip, 4);
  return address;
}

function socketAddress6(ip: Uint8Array): Uint8Array {
  const address = new Uint8Array(28);
  address[0] = AF_INET6;
  address.set(ip, 8);
  return address;
}
