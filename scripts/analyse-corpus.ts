// npm run analyse -- DIR [--only TEXT] [--host]: policy, lint and diff on every ruleset of a folder of real ones, with the share of sessions that is answered exactly.
import { parseArgs } from "node:util";
import { analysed, totals, type Analysed } from "../test/laws/analysed.ts";
import { corpusRulesets } from "../test/laws/corpus-rulesets.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string", default: "" } } });
const [dir] = positionals;
if (dir === undefined) {
  console.error("usage: npm run analyse -- DIR [--only TEXT]");
  process.exit(2);
}

const percent = (share: number): string => `${(share * 100).toFixed(share === 1 ? 0 : 1)}%`.padStart(6);
const done: Analysed[] = [];
const unread = new Map<string, number>();
console.log(" exact  rules  usable half-open strays findings   policy    lint    diff  ruleset");
for (const read of corpusRulesets(dir)) {
  if (!read.name.includes(values.only)) continue;
  if ("reason" in read) {
    unread.set(read.reason, (unread.get(read.reason) ?? 0) + 1);
    continue;
  }
  const result = analysed(read);
  done.push(result);
  const { name, rules, exact, usable, halfOpen, strays, findings, milliseconds } = result;
  const times = (["policy", "lint", "diff"] as const).map(what => `${Math.round(milliseconds[what])} ms`.padStart(8)).join("");
  console.log(
    `${percent(exact)} ${String(rules).padStart(6)} ${String(usable).padStart(7)} ${String(halfOpen).padStart(9)} ${String(strays).padStart(6)} ${String(findings).padStart(8)} ${times}  ${name}`,
  );
  if (result.depends.length > 0) console.log(`        depends on: ${result.depends.join("; ")}`);
  for (const trouble of result.troubles) console.log(`        TROUBLE: ${trouble}`);
}
for (const line of totals(done)) console.log(line);
for (const [reason, count] of [...unread].toSorted((a, b) => b[1] - a[1])) console.log(`not analysed: ${count} files: ${reason}`);
process.exitCode = done.some(({ troubles }) => troubles.length > 0) ? 1 : 0;
