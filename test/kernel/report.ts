/** A disagreement as text that a person can act on. */
import type { Difference } from "./compare.ts";
import type { Case } from "./case.ts";
import type { Trace } from "./trace.ts";

/** Rules, packets in hex, both answers, and the kernel's trace of the packet in question. */
export function reportText(one: Case, found: readonly Difference[], traces: readonly Trace[]): string {
  const lines = [`seed ${one.seed}, IPv${one.family}, ${one.steps.length} packets`, "", ...ruleLines(one), ""];
  for (const [index, step] of one.steps.entries()) {
    const where =
      step.do === "inject"
        ? `in ${step.device}${step.link === undefined ? "" : ` (${step.link} frame)`}`
        : step.do === "send"
          ? `from here, uid ${step.uid} gid ${step.gid} mark ${step.mark}`
          : `${step.milliseconds} ms pass`;
    lines.push(`${index + 1}. ${where}: ${step.note}`);
    if (step.do !== "wait") lines.push(`   ${Buffer.from(step.bytes).toString("hex")}`);
  }
  for (const difference of found.slice(0, 8)) {
    lines.push("", `DIFFERENCE in ${difference.about}: ${difference.what}`);
    lines.push(
      ...difference.kernel.slice(0, 6).map(line => `  kernel: ${line}`),
      ...(difference.kernel.length === 0 ? ["  kernel: (nothing)"] : []),
    );
    lines.push(
      ...difference.engine.slice(0, 6).map(line => `  engine: ${line}`),
      ...(difference.engine.length === 0 ? ["  engine: (nothing)"] : []),
    );
  }
  const last = traces.at(found[0]?.step ?? -1);
  if (last !== undefined) lines.push("", "The kernel's trace of the packet:", ...last.map(event => `  ${event}`));
  return `${lines.join("\n")}\n`;
}

/** Only tables that say something. */
function ruleLines(one: Case): string[] {
  return one.tables.flatMap(table => {
    const chains = table.chains
      .filter(chain => chain.policy === "DROP" || chain.policy === "-")
      .map(chain => `:${chain.name} ${chain.policy}`);
    const rules = table.rules.map(rule => `-A ${rule.chain} ${rule.text}`);
    return chains.length + rules.length === 0 ? [] : [`*${table.name}`, ...chains, ...rules];
  });
}
