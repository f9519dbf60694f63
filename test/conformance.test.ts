import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MATCHES, TARGETS } from "../src/extensions/index.ts";
import { readRules } from "../src/syntax/index.ts";
import type { Grammar } from "../src/xtables/index.ts";
import { chainRows, savedRule, type RowFile } from "./rows.ts";

/** What every registered extension owes: words for people, rows for every option, saved text that loads again, refusals that point at their place. */
interface Extension {
  readonly kind: "match" | "target";
  readonly name: string;
  readonly help: string;
  readonly options: Grammar<unknown>["options"];
}

/** What these compare belongs to a tracked connection, which a packet row does not have, or to fingerprints that somebody must load. */
const NEEDS_A_CONNECTION = ["osf", "connmark", "connbytes", "cluster"];
const NO_ROWS: RowFile = { rules: [], packets: [] };
/** Verdicts without options: the rows of every other extension use them. */
const VERDICTS = ["ACCEPT", "DROP", "RETURN", "QUEUE"];

function rowsOf(kind: Extension["kind"], name: string): RowFile {
  const file = `src/extensions/${kind === "match" ? "matches" : "targets"}/${name}.t`;
  return existsSync(file) ? chainRows(readFileSync(file, "utf8")) : NO_ROWS;
}

/** Linux 6.18 has no module or no use for these, and refuses every rule with them. */
const NOT_IN_THE_KERNEL = ["CLUSTERIP", "ipvs", "LED", "SECMARK", "ULOG"];

/** Options whose values live in the kernel alone. */
const ONLY_THE_KERNEL = ["object-pinned"];

/** What iptables 1.8.9 saves and then refuses or reads as another: a number printed with a sign, a base port that was never kept, a full range that is left out. */
const LOST_BY_IPTABLES = [/-m ipcomp$/, /--seconds -\d/, /--to-(?:ports|source|destination) \S+\/0$/];

const isSentence = (help: string): boolean => /^[A-Z0-9].*\.$/su.test(help) && !help.includes("(say");

const extensions: Extension[] = [
  ...MATCHES.map(({ name, help, options }) => ({ kind: "match" as const, name, help, options: options.options })),
  ...TARGETS.map(({ name, help, options }) => ({ kind: "target" as const, name, help, options: options.options })),
];

describe.each(extensions)("$kind $name", ({ kind, name, help, options }) => {
  const { rules, packets } = rowsOf(kind, name);
  const accepted = rules.filter(({ outcome }) => outcome === "OK");

  test("says in a sentence what it does, and so does each of its options", () => {
    const mute = Object.entries({ "": { help }, ...options }).filter(([, each]) => !isSentence(each.help));
    expect(mute.map(([option, each]) => `${option === "" ? name : `--${option}`}: "${each.help}" is no sentence`)).toEqual([]);
  });

  if (VERDICTS.includes(name)) return;

  test.runIf(!NOT_IN_THE_KERNEL.includes(name))("has a row that is accepted for every option", () => {
    expect(accepted.length, `src/extensions: ${name}.t has no row that ends in OK`).toBeGreaterThan(0);
    const words = accepted.flatMap(({ rule, saved }) => `${rule} ${saved}`.split(" "));
    const missing = Object.entries(options).filter(
      ([option, { aliases = [] }]) => !ONLY_THE_KERNEL.includes(option) && ![option, ...aliases].some(each => words.includes(`--${each}`)),
    );
    expect(missing.map(([option]) => `${name}.t has no accepted row with --${option}`)).toEqual([]);
  });

  test("has a row that is refused, if it has options", () => {
    if (Object.keys(options).length > 0)
      expect(
        rules.some(({ outcome }) => outcome === "FAIL"),
        `${name}.t has no row that ends in FAIL`,
      ).toBe(true);
  });

  if (kind === "match" && !NOT_IN_THE_KERNEL.includes(name))
    test("has a packet that matches, if a packet by itself can", () => {
      const wanted = NEEDS_A_CONNECTION.includes(name) ? "no" : "match";
      expect(
        packets.some(({ outcome }) => outcome === wanted),
        `${name}.t has no packet row that ends in ${wanted}`,
      ).toBe(true);
    });

  test("what it saves loads again and is saved the same", () => {
    for (const row of accepted) {
      const { saved } = savedRule(row);
      if (LOST_BY_IPTABLES.some(lost => lost.test(saved))) continue;
      const again = savedRule({ ...row, rule: saved.slice(`-A ${row.chain} `.length) });
      expect(again, row.rule).toEqual({ saved, faults: [] });
    }
  });

  test("a refusal names a place in the rule", () => {
    for (const { family, table, chain, rule } of rules.filter(({ outcome }) => outcome === "FAIL"))
      for (const fault of readRules(`*${table}\n-A ${chain} ${rule}\nCOMMIT\n`, "row", { family }).faults)
        expect(fault, rule).toMatchObject({ line: expect.any(Number), column: expect.any(Number), message: expect.stringMatching(/./) });
  });
});
