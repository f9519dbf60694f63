/** One thing that is wrong with the input, and where. Lines and columns count from 1; `line` 0 means the file as a whole. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn?: number | undefined;
  readonly message: string;
  readonly guess?: string | undefined;
}

/** The input cannot be used. Printed as `file:line:column: message`, the line, a caret and a guess; the exit status is 2. */
export class InputFault extends Error {
  readonly faults: readonly Fault[];
  readonly text: string;
  constructor(faults: readonly Fault[], text = "") {
    super(faults[0]?.message ?? "bad input");
    this.name = "InputFault";
    this.faults = faults;
    this.text = text;
  }
}

/** A fault that concerns an argument rather than a place in a file. */
export const usageFault = (where: string, message: string, guess?: string): InputFault =>
  new InputFault([{ file: where, line: 0, column: 0, message, guess }]);
