import { confirm, type Stand } from "../confirm/index.ts";
import type { Confirmation, Witness } from "../witness.ts";

/** Hears of a witness that the engine did not show, and why. */
export type Unproven = (witness: Witness, reason: string) => void;

/** Lets the engine show what witnesses claim, as often as it may. */
export class Prover {
  private left: number;
  private readonly stand: Stand;
  private readonly unproven: Unproven;

  /** At most `limit` witnesses are run; others stay without proof. */
  constructor(stand: Stand, limit: number, unproven: Unproven = () => {}) {
    this.stand = stand;
    this.left = limit;
    this.unproven = unproven;
  }

  /** May it be asked once more? */
  get ready(): boolean {
    return this.left > 0;
  }

  /** What the engine made of it; undefined when it was not asked. */
  prove(witness: Witness): Confirmation | undefined {
    const confirmation = this.ask(witness);
    if (confirmation?.confirmed === false) this.unproven(witness, confirmation.reason);
    return confirmation;
  }

  /** The same for what may be so or not: nobody hears of it when it is not. */
  ask(witness: Witness): Confirmation | undefined {
    if (this.left === 0) return undefined;
    this.left--;
    return confirm(witness, this.stand);
  }
}
