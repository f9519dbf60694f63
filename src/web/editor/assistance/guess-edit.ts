import type { Fault } from "../../../syntax/index.ts";

/** A change of a line: offsets from 0, before `to`. */
export interface LineEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/**
 * What puts a fault's guess into its line. The columns of a fault may hold an option with its value, of which the guess is about the value;
 * and of `-s ! x`, as iptables once took it, the guess says all anew though the fault is about the last word. Undefined without a guess that fits.
 */
export function guessEdit(line: string, { guess, column, endColumn }: Pick<Fault, "guess" | "column" | "endColumn">): LineEdit | undefined {
  if (guess === undefined || column < 1 || endColumn - 1 > line.length || endColumn <= column) return undefined;
  const to = endColumn - 1;
  const said = line.slice(column - 1, to);
  if (guess.startsWith("! ")) {
    const [, option = "", word = ""] = guess.split(" ");
    const written = `${option} ! ${word}`;
    return line.slice(0, to).endsWith(written) ? { from: to - written.length, to, insert: guess } : undefined;
  }
  if (guess.startsWith("-")) return said.includes(" ") ? undefined : { from: column - 1, to, insert: guess };
  const blank = said.lastIndexOf(" ");
  const from = column + blank;
  const star = line.charAt(from) === "*" ? 1 : 0;
  return from + star < to ? { from: from + star, to, insert: guess } : undefined;
}
