import { UsageError, type Span } from "../xtables/index.ts";

/** Rules that the commands of one text may look at in all, beside those they add. */
const MOST = 2e7;

/** Some commands go through all rules there are; a text of nothing else must not take hours. */
export class Effort {
  private commands = 0;
  private spent = 0;

  /** Whether the text has had its share. */
  get isSpent(): boolean {
    return this.spent > MOST;
  }

  /** Counts a command by its letter. Throws UsageError when it is too much. */
  spend(letter: string, span: Span | undefined): void {
    this.commands++;
    if (letter === "Z") this.spent += this.commands * 4;
    else if (letter === "E") this.spent += this.commands * 2;
    else if ("DC".includes(letter)) this.spent += this.commands / 16;
    if (this.isSpent) throw new UsageError("too many commands that go through a large table", { span });
  }
}
