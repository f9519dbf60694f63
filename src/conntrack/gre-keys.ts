import type { Direction } from "./direction.ts";
import type { Connection } from "./connection.ts";
import type { Tuple } from "./tuple.ts";

/** The source keys of expected GRE flows, which PPTP's packets do not carry, by master (nf_conntrack_proto_gre.c, keymap). */
export class GreKeys {
  /** By addresses and destination key; the oldest counts. */
  readonly #keys = new Map<string, { readonly master: Connection; readonly key: number }[]>();
  readonly #masters = new Map<Connection, [Tuple | undefined, Tuple | undefined]>();

  /** Adds one direction; false when the master has another one for it already (nf_ct_gre_keymap_add). */
  add(master: Connection, direction: Direction, tuple: Tuple): boolean {
    const own = this.#masters.get(master) ?? [undefined, undefined];
    const known = own[direction];
    const name = nameOf(tuple);
    if (known !== undefined) return nameOf(known) === name;
    own[direction] = tuple;
    this.#masters.set(master, own);
    const entry = { master, key: tuple.sourcePort };
    const entries = this.#keys.get(name);
    if (entries === undefined) this.#keys.set(name, [entry]);
    else entries.push(entry);
    return true;
  }

  /** The key of the other direction for a packet; 0 when nothing is known (gre_keymap_lookup). */
  sourceKey(tuple: Tuple): number {
    return this.#keys.get(nameOf(tuple))?.[0]?.key ?? 0;
  }

  /** Forgets what a master added (nf_ct_gre_keymap_destroy). */
  remove(master: Connection): void {
    for (const tuple of this.#masters.get(master) ?? []) {
      if (tuple === undefined) continue;
      const name = nameOf(tuple);
      const left = (this.#keys.get(name) ?? []).filter(entry => entry.master !== master);
      if (left.length === 0) this.#keys.delete(name);
      else this.#keys.set(name, left);
    }
    this.#masters.delete(master);
  }
}

function nameOf({ family, source, destination, protocol, destinationPort }: Tuple): string {
  return `${family} ${source} ${destination} ${protocol} ${destinationPort}`;
}
