import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { MATCHES, TARGETS } from "../src/extensions/index.ts";
import type { Family } from "../src/predicate/index.ts";
import { optionName, UsageError, type Grammar, type NameTables } from "../src/xtables/index.ts";

/**
 * What iptables 1.8.9 itself says of the options of every extension: which there are, which take a value, and which may be inverted.
 * Needs the tool and a network namespace for an ordinary user.
 */
interface Extension {
  readonly load: string;
  readonly name: string;
  readonly families: readonly Family[];
  readonly grammar: Grammar<unknown>;
}

const extensions: readonly Extension[] = [
  ...MATCHES.map(type => ({ load: `-m ${type.name}`, name: type.name, families: type.families ?? [4, 6], grammar: type.options })),
  ...TARGETS.map(type => ({ load: `-j ${type.name}`, name: type.name, families: type.families ?? [4, 6], grammar: type.options })),
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

/** Whether it takes a value (one that may be missing counts as none), and whether `!` may stand before it, by what is said of that. */
const manner = (takesValue: boolean, inverted: string): string =>
  `${takesValue ? "value" : "flag"}${/(?:cannot|can't) be inverted|unexpected ! flag/.test(inverted) ? "" : ", invertible"}`;

const names: NameTables = { user: () => undefined, group: () => undefined, service: () => undefined, serviceName: () => undefined };

/** What our own reader says of `! --option 1`; nothing when it takes it. */
function ownRefusal(extension: string, grammar: Grammar<unknown>, family: Family, option: string, text: string): string {
  try {
    grammar.parse([{ option, text, invert: true }], { extension, family, protocol: "all", names, warn: () => undefined });
    return "";
  } catch (fault) {
    if (fault instanceof UsageError) return fault.message;
    throw fault;
  }
}

describe.runIf(there).each([4, 6] as const)("IPv%i", family => {
  const mine = extensions.filter(({ families }) => families.includes(family));

  test("every option in the tool's help is known", () => {
    const [general = "", ...helps] = ask([`${tool(family)} -h`, ...mine.map(({ load }) => `${tool(family)} ${load} -h`)]);
    const unknown = mine.flatMap(({ load, grammar: { options } }, at) => {
      const told = optionsInHelp(helps[at] ?? "", general);
      if (told.length === 0 && Object.keys(options).length > 0) return [`${load}: no help`];
      return told.filter(option => optionName(options, option) === undefined).map(option => `${load} --${option}`);
    });
    expect(unknown).toEqual([]);
  });

  test("options take a value, and may be inverted, where the tool says so", { timeout: 120_000 }, () => {
    const asked = mine.flatMap(({ load, name, grammar }) =>
      Object.entries(grammar.options).flatMap(([option, { aliases = [], value, arity = 1 }]) =>
        [option, ...aliases].map(word => ({
          load,
          name,
          grammar,
          word,
          takesValue: value !== undefined && arity !== "optional",
          text: value ? (arity === 2 ? "1 1" : "1") : "",
        })),
      ),
    );
    const answers = ask(
      asked.flatMap(({ load, word, text }) => [
        `${tool(family)} -A OUTPUT ${load} --${word}`,
        `${tool(family)} -A OUTPUT ${load} ! --${word} ${text}`,
      ]),
    );
    const told = asked.map(
      ({ load, word }, at) =>
        `${load} --${word}: ${manner(/requires an argument/.test(answers[2 * at] ?? ""), answers[2 * at + 1] ?? "no answer: cannot be inverted")}`,
    );
    const ours = asked.map(
      ({ load, name, grammar, word, takesValue, text }) =>
        `${load} --${word}: ${manner(takesValue, ownRefusal(name, grammar, family, word, text))}`,
    );
    expect(asked.length).toBeGreaterThan(100);
    expect(ours).toEqual(told);
  });
});
