/**
 * What packets at some place of a chain have already been asked: a guard that every packet with some properties has passed
 * need not be asked again of packets that have those and more.
 */
export class Guards {
  /** By the properties, in order: the keys of guards, and for those that ask for bytes, how many. */
  readonly #passed = new Map<string, Map<string, number>>();

  /** Have all packets with these properties passed such a guard, for as many bytes or more? */
  covers(properties: readonly string[], key: string, bytes: number): boolean {
    const sorted = [...new Set(properties)].toSorted();
    for (const subset of subsets(sorted)) {
      const passed = this.#passed.get(subset.join("\n"))?.get(key);
      if (passed !== undefined && passed >= bytes) return true;
    }
    return false;
  }

  /** All packets with these properties pass a guard here. */
  note(properties: readonly string[], key: string, bytes: number): void {
    const at = [...new Set(properties)].toSorted().join("\n");
    const keys = this.#passed.get(at) ?? new Map<string, number>();
    keys.set(key, Math.max(bytes, keys.get(key) ?? 0));
    this.#passed.set(at, keys);
  }
}

/** So many properties are looked at in every combination; of more, only the whole, each alone and none. */
const MOST = 8;

function* subsets(properties: readonly string[]): Generator<readonly string[]> {
  if (properties.length > MOST) {
    yield [];
    for (const property of properties) yield [property];
    yield properties;
    return;
  }
  for (let chosen = 0; chosen < 1 << properties.length; chosen++) yield properties.filter((_, i) => (chosen & (1 << i)) !== 0);
}
