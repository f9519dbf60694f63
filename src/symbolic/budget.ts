/** The analysis needed more nodes than it may have: the answer is unknown within the budget. */
export class SpentBudget extends Error {
  readonly nodes: number;

  constructor(nodes: number) {
    super(`unknown within the budget of ${nodes} diagram nodes`);
    this.nodes = nodes;
  }
}
