/** How many pairs of rules may still be compared: what bounds the time of the optimizer on any input. */
export class Effort {
  private left: number;

  constructor(most: number) {
    this.left = most;
  }

  spend(pairs: number): void {
    this.left -= pairs;
  }

  get spent(): boolean {
    return this.left < 0;
  }
}
