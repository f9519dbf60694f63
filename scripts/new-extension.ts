// npm run new:match NAME | new:target NAME: a new extension with rows that fail and say what is missing.
import { existsSync, writeFileSync } from "node:fs";

const KINDS = { match: ["matches", /^[a-z][a-z0-9_]*$/], target: ["targets", /^[A-Z][A-Z0-9_]*$/] } as const;

const [kind, name = ""] = process.argv.slice(2);
if ((kind !== "match" && kind !== "target") || !KINDS[kind][1].test(name)) {
  console.error("usage: npm run new:match name   (small letters, digits and _)\n       npm run new:target NAME  (capitals, digits and _)");
  process.exit(2);
}
const folder = `src/extensions/${KINDS[kind][0]}`;
const code = `${folder}/${name}.ts`;
const rows = `${folder}/${name}.t`;
for (const file of [code, rows])
  if (existsSync(file)) {
    console.error(`${file} exists already`);
    process.exit(2);
  }

const match = `import { equal, invertIf } from "../../predicate/index.ts";
import { oneOf, u16, type MatchType } from "../../xtables/index.ts";

interface Info {
  readonly option: "value";
  readonly value: number;
  readonly invert: boolean;
}

/** \`-m ${name}\`: (say in one sentence what it tests). Kernel: xt_${name}.c, ${name}_mt. */
export const ${name}: MatchType<Info> = {
  name: "${name}",
  help: "(say in one sentence what it tests)",
  options: oneOf({
    value: { value: u16, invert: true, help: "(say in one sentence what the value is)" },
  }),
  // Which field does the kernel compare, and what does it do when the packet has none, inverted or not?
  lower: ({ value, invert }) => ({ predicate: invertIf(invert, equal("length", value)) }),
  list: ({ value, invert }) => \`${name} \${invert ? "!" : ""}\${value}\`,
};
`;
const target = `import { oneOf, u32, type TargetType } from "../../xtables/index.ts";

interface Info {
  readonly option: "value";
  readonly value: number;
  readonly invert: boolean;
}

/** \`-j ${name}\`: (say in one sentence what it does). Kernel: xt_${name}.c, ${name.toLowerCase()}_tg. */
export const ${name}: TargetType<Info> = {
  name: "${name}",
  help: "(say in one sentence what it does)",
  options: oneOf({
    value: { value: u32, help: "(say in one sentence what the value is)" },
  }),
  // Which of the closed actions in predicate/action.ts is it?
  lower: () => ({ do: "continue" }),
  list: ({ value }) => \`${name} \${value}\`,
};
`;

const heading = `# ${name}: replace each row below by rows that the real iptables and kernel have confirmed. Until then the tests fail and name it.
# rule;saved form, = for the same;OK|FAIL   and   rule;packet;match|no|hotdrop   after *table, @family 4 or 46, :CHAIN,CHAIN
@family 46
:INPUT
`;
const note = (words: string): string => `-m comment --comment "missing: ${words}"`;
const PACKET = "tcp 192.0.2.9:40000 > 198.51.100.2:22 syn in eth0";
const matchRows = `-m ${name} --value 1;missing: what iptables-save prints for this, and a row for every option;OK
-m ${name} --value 1 ${note("rows that iptables refuses")};;FAIL
@family 4
-m ${name} --value 1 ${note("a packet that matches")};${PACKET};match
-m ${name} ! --value 1 ${note("a packet that does not match, and one that lacks the field")};${PACKET};no
`;
const targetRows = `-j ${name} --value 1;missing: what iptables-save prints for this, and a row for every option;OK
${note("rows that iptables refuses")} -j ${name} --value 1;;FAIL
`;
writeFileSync(code, kind === "match" ? match : target);
writeFileSync(rows, heading + (kind === "match" ? matchRows : targetRows));
console.log(`wrote ${code} and ${rows}
next: npm run build && npx vitest run test/rows.test.ts test/conformance.test.ts -t ${name}
      its failures say what is missing`);
