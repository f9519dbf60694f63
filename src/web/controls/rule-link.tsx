import type { JSX } from "preact";
import type { RulePointer } from "../../analysis/index.ts";
import { printable } from "../../report/index.ts";
import { showRule } from "../state/actions.ts";

/** A rule or policy that decides: its place, which leads to its line in the editor, and its text. `show` goes elsewhere instead. */
export function RuleLink({
  rule,
  show = showRule,
}: {
  readonly rule: RulePointer;
  readonly show?: (rule: RulePointer) => void;
}): JSX.Element {
  const { table, chain, number, line, text } = rule;
  const place = number === undefined ? `the policy of ${table} ${chain}` : `${table} ${chain} rule ${number}`;
  const where = line > 0 ? `, line ${line}` : "";
  return (
    <span>
      {line > 0 ? (
        <button type="button" class="act from-rules" onClick={() => show(rule)} title={`Show line ${line}`}>
          {printable(place)}
          {where}
        </button>
      ) : (
        <span class="from-rules">{printable(place)}</span>
      )}{" "}
      <span class="rule-text soft">{printable(text)}</span>
    </span>
  );
}
