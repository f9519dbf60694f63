/** The kernel's own account of a packet's way: TRACE rules, whose events come over NFLOG (nf_tables and x_tables share nf_log_trace). */
import type { Case } from "./case.ts";
import type { KernelReferee } from "./kernel-referee.ts";
import { rulesetText, type GeneratedTable } from "./generate/ruleset.ts";

/** Events of one step, like `filter:INPUT:rule:2 mark 0x1 44 bytes`. */
export type Trace = readonly string[];

/** Traces every step of a case in the kernel. The rules get one more rule at the head of both chains of raw, which is left out of the account. */
export function traceCase(kernel: KernelReferee, one: Case): Trace[] {
  kernel.load(rulesetText(one.tables.map(withTrace)));
  return one.steps.map(step => {
    kernel.step(step);
    return kernel.trace.map(event => `${renumber(event.prefix)} mark 0x${event.mark.toString(16)} ${event.bytes.length} bytes`);
  });
}

function withTrace(table: GeneratedTable): GeneratedTable {
  if (table.name !== "raw") return table;
  const first = ["PREROUTING", "OUTPUT"].map(chain => ({ chain, text: "-j TRACE", covers: [] }));
  return { ...table, rules: [...first, ...table.rules] };
}

/** `TRACE: raw:PREROUTING:rule:3 ` without its head, and with the number that the rule has without ours. */
function renumber(prefix: string): string {
  const text = prefix.replace(/^TRACE: /, "").trim();
  return text.replace(/^(raw:(?:PREROUTING|OUTPUT):rule:)(\d+)$/, (_, head: string, number: string) => `${head}${Number(number) - 1}`);
}
