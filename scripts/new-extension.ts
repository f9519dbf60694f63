// npm run new:match NAME | new:target NAME: a new extension with rows that fail and say what is missing.
import { existsSync, writeFileSync } from "node:fs";

const [kind, name] = process.argv.slice(2);
if ((kind !== "match" && kind !== "target") || !name || !/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
  console.error("usage: npm run new:match NAME   or   npm run new:target NAME   (letters, digits and _)");
  process.exit(2);
}
const folder = `src/extensions/${kind === "match" ? "matches" : "targets"}`;
const code = `${folder}/${name}.ts`;
const rows = `${folder}/${name}.t`;
for (const file of [code, rows])
  if (existsSync(file)) {
    console.error(`${file} exists already`);
    process.exit(2);
  }

const match = `/** \`-m ${name}\`: say in one sentence what it tests. Kernel: net/netfilter/xt_${name}.c */
import { equal, invertIf } from "../../predicate/index.ts";
import { oneOf, u16, type Choice, type MatchType } from "../../xtables/index.ts";

const spec = { value: { value: u16, invert: true, help: "the value to compare with" } } as const;
type Info = Choice<typeof spec>;

export const ${name}: MatchType<Info> = {
  name: "${name}",
  help: "say in one sentence what it tests",
  options: oneOf(spec),
  // Which field does the kernel compare, and what does it do when the packet has none, inverted or not?
  lower: ({ value, invert }) => ({ predicate: invertIf(invert, equal("length", value)) }),
  list: ({ value, invert }) => \`${name} match \${invert ? "!" : ""}\${value}\`,
};
`;
const target = `/** \`-j ${name}\`: say in one sentence what it does. Kernel: net/netfilter/xt_${name}.c */
import { noOptions, type TargetType } from "../../xtables/index.ts";

export const ${name}: TargetType<Readonly<Record<never, never>>> = {
  name: "${name}",
  help: "say in one sentence what it does",
  options: noOptions,
  lower: () => ({ do: "continue" }),
  list: () => "",
};
`;
const todo = `# Rows: rule;saved form (= for the same);OK or FAIL. Packet rows: rule;packet;match, no or hotdrop.
# Replace each row below by one that the real iptables has confirmed; until then the tests fail and name the row.
:INPUT
${
  kind === "match"
    ? `-m ${name} --value 1;a row for every option: what does iptables-save print for it?;OK
-m ${name};a row for every refusal;FAIL
-m ${name} --value 1;tcp 192.0.2.1:1 > 192.0.2.2:2 syn;a packet that matches, one that does not, and one that lacks the field
`
    : `-j ${name};what does iptables-save print for it?;OK
`
}`;
writeFileSync(code, kind === "match" ? match : target);
writeFileSync(rows, todo);
console.log(`wrote ${code} and ${rows}\nnext: npm run build && npx vitest run test/rows.test.ts   (its failures say what is missing)`);
