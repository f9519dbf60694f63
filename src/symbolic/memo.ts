import { NOTHING } from "./pair-cache.ts";

/** What has been worked out for nodes during one walk; used again and again, so that a walk over few nodes costs little in a large store. */
export class Memo {
  /** For each node the number of the walk and what it worked out. */
  private entries: Int32Array<ArrayBuffer> = new Int32Array(0);
  private walk = 0;

  /** Forgets everything. Nodes of the walk are those below `size`. */
  begin(size: number): void {
    if (this.entries.length < 2 * size) {
      this.entries = new Int32Array(Math.max(1 << 11, 8 * size));
      this.walk = 0;
    }
    this.walk++;
  }

  /** `NOTHING` for a node that was not met yet. */
  get(node: number): number {
    return this.entries[2 * node] === this.walk ? (this.entries[2 * node + 1] as number) : NOTHING;
  }

  set(node: number, value: number): void {
    this.entries[2 * node] = this.walk;
    this.entries[2 * node + 1] = value;
  }

  /** Is it the first time in this walk that a node is met? Notes it. */
  meets(node: number): boolean {
    if (this.entries[2 * node] === this.walk) return false;
    this.entries[2 * node] = this.walk;
    return true;
  }
}
