import { NOTHING } from "./pair-cache.ts";

/** What has been worked out for nodes during one walk; used again and again, so that a walk over few nodes costs little in a large store. */
export class Memo {
  private stamps = new Int32Array(1 << 10);
  private values = new Int32Array(1 << 10);
  private walk = 0;

  /** Forgets everything. Nodes of the walk are those below `size`. */
  begin(size: number): void {
    if (this.stamps.length < size) {
      const length = Math.max(size, 2 * this.stamps.length);
      this.stamps = new Int32Array(length);
      this.values = new Int32Array(length);
      this.walk = 0;
    }
    this.walk++;
  }

  /** `NOTHING` for a node that was not met yet. */
  get(node: number): number {
    return this.stamps[node] === this.walk ? (this.values[node] as number) : NOTHING;
  }

  set(node: number, value: number): void {
    this.stamps[node] = this.walk;
    this.values[node] = value;
  }
}
