import type { RulePointer } from "../../analysis/index.ts";
import { printable } from "../../report/index.ts";

/** Where a rule or policy stands: `IPv4 line 12, filter INPUT rule 3`. */
export function pointerText({ family, table, chain, number, line }: RulePointer): string {
  const place = `${table} ${printable(chain)}${number === undefined ? "" : ` rule ${number}`}`;
  return line === 0 ? `IPv${family} ${place}` : `IPv${family} line ${line}, ${place}`;
}
