import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { MATCHES, TARGETS } from "../src/extensions/index.ts";
import type { Family } from "../src/predicate/index.ts";
import { optionName, type Option } from "../src/xtables/index.ts";

/**
 * What iptables 1.8.9 itself says of the options of every extension: which there are, which take a value, and which may be inverted.
 * Needs the tool and a network namespace for an ordinary user.
 */
interface Extension {
  readonly load: string;
  readonly name: string;
  readonly families: readonly Family[];
  readonly options: Readonly<Record<string, Option<unknown>>>;
}

const extensions: readonly Extension[] = [
  ...MATCHES.map(type => ({ load: `-m ${type.name}`, name: type.name, families: type.families ?? [4, 6], options: type.options.options })),
  ...TARGETS.map(type => ({ load: `-j ${type.name}`, name: type.name, families: type.families ?? [4, 6], options: type.options.options })),
];

const tool = (family: Family): string => (family === 4 ? "iptables-legacy" : "ip6tables-legacy");

/** What each command line prints, both streams together, in a namespace where nothing can be harmed. */
function ask(commands: readonly string[]): string[] {
  const mark = "\u0001";
  const script = commands.map(command => `${command} 2>&1; printf '\\001'`).join("\n");
  const { status, stdout } = spawnSync("unshare", ["-Ur", "-n", "sh"], {
    input: `export XTABLES_LOCKFILE=/dev/null\n${script}\n`,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return status === 0 ? stdout.split(mark).slice(0, commands.length) : [];
}

const version = ask(["iptables-legacy -V"])[0] ?? "";
const there = version.includes("1.8.9");
if (!there)
  console.log(
    `option-coverage: skipped, for want of iptables 1.8.9 and of a namespace to run it in (${version.trim() || "nothing answers"})`,
  );

/** Options that help tells of, of this extension alone. */
function optionsInHelp(help: string, general: string): string[] {
  const others = new Set(general.split("\n"));
  const own = help.split("\n").filter(line => !others.has(line));
  return [...own.join("\n").matchAll(/--([a-z][a-z\d-]*)/g)].map(([, name]) => name ?? "");
}

/** `flag`, `value`, or what else the tool said; and whether `!` may stand before it. */
function manner(alone: string, inverted: string): string {
  const takes = /requires an argument/.test(alone) ? "value" : "flag";
  return /cannot be inverted|unexpected ! flag/.test(inverted) ? takes : `${takes}, invertible`;
}

describe.runIf(there).each([4, 6] as const)("IPv%i", family => {
  const mine = extensions.filter(({ families }) => families.includes(family));

  test("every option in the tool's help is known", () => {
    const [general = "", ...helps] = ask([`${tool(family)} -h`, ...mine.map(({ load }) => `${tool(family)} ${load} -h`)]);
    const unknown = mine.flatMap(({ load, options }, at) => {
      const told = optionsInHelp(helps[at] ?? "", general);
      if (told.length === 0 && Object.keys(options).length > 0) return [`${load}: no help`];
      return told.filter(option => optionName(options, option) === undefined).map(option => `${load} --${option}`);
    });
    expect(unknown).toEqual([]);
  });

  test("options take a value, and may be inverted, where the tool says so", { timeout: 120_000 }, () => {
    const asked = mine.flatMap(({ load, options }) =>
      Object.entries(options).flatMap(([name, option]) => [name, ...(option.aliases ?? [])].map(word => ({ load, word, option }))),
    );
    const answers = ask(
      asked.flatMap(({ load, word, option }) => [
        `${tool(family)} -A OUTPUT ${load} --${word}`,
        `${tool(family)} -A OUTPUT ${load} ! --${word}${option.value ? " 1".repeat(option.arity ?? 1) : ""}`,
      ]),
    );
    const told = asked.map(({ load, word }, at) => `${load} --${word}: ${manner(answers[2 * at] ?? "", answers[2 * at + 1] ?? "")}`);
    const ours = asked.map(
      ({ load, word, option }) => `${load} --${word}: ${option.value ? "value" : "flag"}${option.invert ? ", invertible" : ""}`,
    );
    expect(asked.length).toBeGreaterThan(100);
    expect(ours).toEqual(told);
  });
});
