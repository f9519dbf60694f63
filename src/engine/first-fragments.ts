import type { Packet } from "./packet.ts";

/** What a packet put together from fragments has of its first one, beside the bytes. Kernel: inet_fragment.c, inet_frag_reasm_prepare (skb_morph). */
interface FirstFragment {
  readonly deadline: number;
  readonly mark: number;
  readonly priority: number;
  readonly pkttype: number;
  readonly mac: number | undefined;
  readonly linkHeader: Uint8Array | undefined;
  readonly frameDestination: number;
}

/** As many first fragments as are remembered; the oldest go first. */
const MOST = 4096;
const LIFETIME = { 4: 30_000_000, 6: 60_000_000 } as const;

/** Marks and link-layer facts of first fragments, until their packets are whole. */
export class FirstFragments {
  readonly #known = new Map<string, FirstFragment>();

  /** Notes a fragment if it is the first of its packet; a copy of one changes nothing. */
  note(packet: Packet, user: string, now: number): void {
    if (packet.fragoff !== 0) return;
    const key = keyOf(packet, user);
    const known = this.#known.get(key);
    if (known !== undefined && known.deadline > now) return;
    this.#known.delete(key);
    const { mark, priority, pkttype, mac, linkHeader, frameDestination } = packet;
    this.#known.set(key, { deadline: now + LIFETIME[packet.family], mark, priority, pkttype, mac, linkHeader, frameDestination });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }

  /** What was noted for the packet that this fragment belongs to, and forgets it. */
  take(key: string): FirstFragment | undefined {
    const first = this.#known.get(key);
    this.#known.delete(key);
    return first;
  }
}

/** Names the packet that a fragment belongs to. */
export function keyOf({ family, source, destination, layout, bytes }: Packet, user: string): string {
  return `${user} ${source} ${destination} ${family === 4 ? bytes[9] : ""} ${layout.identification}`;
}
