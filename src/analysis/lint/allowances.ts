/** A comment that says which findings are meant to be: `ferrule: allow F07 old clients need it`. */
export interface Allowance {
  readonly codes: readonly string[];
  readonly reason: string;
  /** Where the comment stands, from 1. */
  readonly line: number;
  /** The lines that it speaks of, inclusive. A comment above a table's first line speaks of the whole table; one at the top of the text also of what has no line. */
  readonly first: number;
  readonly last: number;
}

const MARK = "ferrule: allow";

/**
 * The allowances in the lines of a file: in a comment above a rule, a chain or a table, or at the end of a line. Linear in the text.
 * iptables-restore knows no comments at the end of a line; scripts do.
 */
export function allowancesIn(lines: readonly string[]): readonly Allowance[] {
  const found: Allowance[] = [];
  let waiting: Omit<Allowance, "first" | "last">[] = [];
  let tables = 0;
  let isTop = true;
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    const bare = text.trim();
    if (bare === "") continue;
    const said = allowanceOf(text);
    if (bare.startsWith("#")) {
      if (said) waiting.push({ ...said, line });
      continue;
    }
    const table = bare.startsWith("*");
    const last = table ? endOfTable(lines, index) : line;
    if (said) found.push({ ...said, line, first: line, last: line });
    // The top of a text speaks of what has no line, too.
    for (const allowance of waiting) found.push({ ...allowance, first: (table && tables === 0) || isTop ? 0 : line, last });
    waiting = [];
    isTop = false;
    if (table) tables++;
  }
  return found;
}

/** Line number of the COMMIT that ends the table whose first line has the index. */
function endOfTable(lines: readonly string[], index: number): number {
  for (let i = index + 1; i < lines.length; i++) {
    const text = lines[i]?.trim();
    if (text === "COMMIT" || text?.startsWith("*")) return i + 1;
  }
  return lines.length;
}

function allowanceOf(line: string): { readonly codes: readonly string[]; readonly reason: string } | undefined {
  const hash = line.indexOf("#");
  const at = hash < 0 ? -1 : line.indexOf(MARK, hash);
  return at < 0 || line.slice(hash + 1, at).trim() !== "" ? undefined : codesAndReason(line.slice(at + MARK.length));
}

/** What a rule's own comment allows: `--comment "ferrule: allow F07 reason"`. */
export function allowanceInRemark(remark: string): { readonly codes: readonly string[]; readonly reason: string } | undefined {
  const at = remark.indexOf(MARK);
  return at < 0 ? undefined : codesAndReason(remark.slice(at + MARK.length));
}

/** `F07, F12 because …`; undefined without a code. */
function codesAndReason(text: string): { readonly codes: readonly string[]; readonly reason: string } | undefined {
  const words = text.split(" ").filter(word => word !== "");
  const codes: string[] = [];
  let taken = 0;
  for (const word of words) {
    const code = word.endsWith(",") ? word.slice(0, -1) : word;
    if (!isCode(code)) break;
    codes.push(code.toUpperCase());
    taken++;
  }
  return codes.length === 0 ? undefined : { codes, reason: words.slice(taken).join(" ") };
}

const isCode = (word: string): boolean =>
  word.length === 3 &&
  (word[0] === "F" || word[0] === "f") &&
  [word[1], word[2]].every(digit => digit !== undefined && digit >= "0" && digit <= "9");
