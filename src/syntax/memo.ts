/** Values that are kept; when there are as many, the table begins anew. */
const MOST_KEPT = 8192;
/** Of so many questions one must have been answered, or none is asked any more. */
const WORTH = 4;

/** Values by text, as long as keeping them pays: what hardly ever comes again is not worth the search. Bounded. */
export class Memo<T> {
  private known: Map<string, T> | undefined = new Map();
  private asked = 0;
  private hits = 0;

  /** Whether a text is still worth making a key of. */
  get pays(): boolean {
    return this.known !== undefined;
  }

  get(key: string): T | undefined {
    const value = this.known?.get(key);
    this.asked++;
    if (value !== undefined) this.hits++;
    return value;
  }

  set(key: string, value: T): void {
    if (!this.known) return;
    if (this.known.size >= MOST_KEPT) {
      this.known = this.hits * WORTH < this.asked ? undefined : new Map();
      this.asked = 0;
      this.hits = 0;
    }
    this.known?.set(key, value);
  }
}
