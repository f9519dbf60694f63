/** Packets and bytes of something. */
export interface Amount {
  packets: number;
  bytes: number;
}

/**
 * Amounts by key, for keys that the input may choose: once `limit` keys are known, whatever else comes counts under `rest`. Memory
 * is bounded by `limit` entries.
 */
export class Tally<Key> {
  readonly #amounts = new Map<Key, Amount>();
  readonly #limit: number;
  readonly #rest: Key;

  constructor(limit: number, rest: Key) {
    this.#limit = limit;
    this.#rest = rest;
  }

  add(key: Key, bytes: number): void {
    let amount = this.#amounts.get(key);
    if (amount === undefined) {
      const known = this.#amounts.size < this.#limit ? key : this.#rest;
      amount = this.#amounts.get(known);
      if (amount === undefined) this.#amounts.set(known, (amount = { packets: 0, bytes: 0 }));
    }
    amount.packets++;
    amount.bytes += bytes;
  }

  /** Most packets first; equals in the order in which they came. */
  sorted(): readonly (readonly [Key, Amount])[] {
    return [...this.#amounts].toSorted(([, a], [, b]) => b.packets - a.packets);
  }
}
