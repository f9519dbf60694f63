import type { Packet } from "./packet.ts";

/** Segment sizes that a cookie can stand for. Kernel: syncookies.c, msstab, of each family. */
const SIZES = { 4: [536, 1300, 1440, 1460], 6: [1220, 1420, 1440, 8940] } as const;

/** µs: a cookie's minute, and how many of them it is good for. Kernel: tcp.h, TCP_SYNCOOKIE_PERIOD and MAX_SYNCOOKIE_AGE. */
const PERIOD = 60_000_000;
const AGE = 2;

/** Flows whose cookies are remembered; the oldest go first. */
const MOST = 65_536;

/**
 * The sequence numbers that SYNPROXY answers with. The kernel computes them from a secret; here each is drawn when it is first needed, for a
 * flow and a minute, which no client can tell apart. Kernel: syncookies.c, secure_tcp_syn_cookie and check_tcp_syn_cookie.
 */
export class SynCookies {
  readonly #bases = new Map<string, number>();

  /** Has none been given away? */
  get unused(): boolean {
    return this.#bases.size === 0;
  }

  /** The cookie for a SYN that wants segments of `size` bytes. */
  issue(packet: Packet, sequence: number, size: number, random: () => number): number {
    const sizes = SIZES[packet.family];
    const index = Math.max(
      0,
      sizes.findLastIndex(each => size >= each),
    );
    const key = keyOf(packet, minuteOf(packet));
    const known = this.#bases.get(key);
    if (known !== undefined) return (known + sequence + index) >>> 0;
    const cookie = random() >>> 0;
    this.#bases.set(key, (cookie - sequence - index) >>> 0);
    const [oldest] = this.#bases.keys();
    if (this.#bases.size > MOST && oldest !== undefined) this.#bases.delete(oldest);
    return cookie;
  }

  /** The segment size that an ACK's cookie stands for; undefined when it was never issued, or too long ago. `sequence` is that of the SYN. */
  check(packet: Packet, sequence: number, cookie: number): number | undefined {
    const minute = minuteOf(packet);
    for (let age = 0; age < AGE; age++) {
      const base = this.#bases.get(keyOf(packet, minute - age));
      const size = base === undefined ? undefined : SIZES[packet.family][(cookie - sequence - base) >>> 0];
      if (size !== undefined) return size;
    }
    return undefined;
  }
}

const minuteOf = ({ now }: Packet): number => Math.floor(now / PERIOD);

const keyOf = ({ source, sport, destination, dport }: Packet, minute: number): string =>
  `${source} ${sport} ${destination} ${dport} ${minute}`;
