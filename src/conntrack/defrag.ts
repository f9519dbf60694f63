import type { Layout } from "../packet/index.ts";
import { gather4 } from "./defrag4.ts";
import { gather6 } from "./defrag6.ts";
import type { Defragmented, DefragUser } from "./defragmented.ts";
import { FragmentSpace } from "./fragment-space.ts";

/** Settings of reassembly: bytes held per family at most, seconds to wait. */
export interface DefragSettings {
  readonly highThreshold: number;
  readonly seconds4: number;
  readonly seconds6: number;
}

/** The kernel's defaults. */
export const DEFRAG: DefragSettings = { highThreshold: 4 * 1024 * 1024, seconds4: 30, seconds6: 60 };

/** Reassembly of both families (ip_fragment.c, ip_defrag; nf_conntrack_reasm.c, nf_ct_frag6_gather). */
export class Defragmenter {
  readonly settings: DefragSettings;
  readonly #space4: FragmentSpace;
  readonly #space6: FragmentSpace;
  /** The stack's own, for packets to this machine, which has memory of its own. */
  readonly #delivery6: FragmentSpace;

  constructor(settings: DefragSettings = DEFRAG) {
    this.settings = settings;
    const { highThreshold, seconds4, seconds6 } = settings;
    this.#space4 = new FragmentSpace(highThreshold, seconds4 * 1e6);
    this.#space6 = new FragmentSpace(highThreshold, seconds6 * 1e6);
    this.#delivery6 = new FragmentSpace(highThreshold, seconds6 * 1e6);
  }

  /** Takes one packet at `now` µs. The bytes are copied. */
  push(bytes: Uint8Array, layout: Layout, user: DefragUser, now: number): Defragmented {
    this.expire(now);
    if (layout.family === 4) return gather4(this.#space4, bytes, layout, `${user.at} ${user.zone ?? 0}`, now);
    return gather6(user.at === "delivery" ? this.#delivery6 : this.#space6, bytes, layout, user, now);
  }

  /** Fragments held. */
  get held(): number {
    return this.#space4.held + this.#space6.held + this.#delivery6.held;
  }

  /** Gives up queues that waited too long; each push does so by itself. */
  expire(now: number): void {
    this.#space4.expire(now);
    this.#space6.expire(now);
    this.#delivery6.expire(now);
  }
}
