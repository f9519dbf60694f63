import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { printList, printSave, readRules } from "../src/syntax/index.ts";
import { readList } from "../src/syntax/read-list.ts";
import type { TableName } from "../src/xtables/index.ts";
import { chainRows } from "./rows.ts";

/** What a rule is made of here: the tests of one row, or a target, as they are saved. */
interface Part {
  readonly place: string;
  readonly saved: string;
}

/** A comment may end a comment; the others are told without what sets them apart, or need rules before them. */
const LEFT_OUT = new Set(["comment.t", "quota.t", "osf.t", "hashlimit.t", "rateest.t"]);

/** Ports that say nothing, and no types. */
const UNTOLD = /(?<!!) --[sd]port 0:65535$|--dccp-types $/;

function partsOf(folder: string): readonly Part[] {
  return readdirSync(`src/extensions/${folder}`)
    .filter(name => name.endsWith(".t") && !LEFT_OUT.has(name))
    .flatMap(name => chainRows(readFileSync(`src/extensions/${folder}/${name}`, "utf8")).rules)
    .filter(({ outcome, before, saved }) => outcome === "OK" && before.length === 0 && !UNTOLD.test(saved))
    .map(({ family, table, chain, saved }) => ({ place: `${family} ${table} ${chain}`, saved }));
}

const matches = partsOf("matches");
const loose = matches.filter(({ saved }) => saved.startsWith("-m ") && !saved.includes(" -j "));
const bound = matches.filter(({ saved }) => saved.startsWith("-p ") && !saved.includes(" -j "));
const targets = partsOf("targets").filter(({ saved }) => saved.startsWith("-j "));
const PLACES = [...new Set([...loose, ...targets].map(({ place }) => place))];

const oneOf = (parts: readonly Part[], place: string): fc.Arbitrary<string> => {
  const here = parts.filter(part => part.place === place).map(({ saved }) => saved);
  return here.length === 0 ? fc.constant("") : fc.oneof(fc.constant(""), { arbitrary: fc.constantFrom(...here), weight: 3 });
};

const NAME = /(?<=(?:^| )-m )\S+/g;

/** No extension twice: the texts of two that stand together read like one. */
function onceEach(parts: readonly string[], first: string): string[] {
  const seen = new Set(first.match(NAME) ?? []);
  return parts.filter(part => {
    const names = part.match(NAME) ?? [];
    const isNew = new Set(names).size === names.length && !names.some(name => seen.has(name));
    for (const name of names) seen.add(name);
    return isNew;
  });
}

const rule = fc
  .constantFrom(...PLACES)
  .chain(place =>
    fc
      .tuple(oneOf(bound, place), fc.array(oneOf(loose, place), { minLength: 1, maxLength: 4 }), oneOf(targets, place))
      .map(([first, rest, target]) => ({ place, rule: [first, ...onceEach(rest, first), target].filter(Boolean).join(" ") })),
  );

test("a rule of several extensions is told apart again", () => {
  let loaded = 0;
  fc.assert(
    fc.property(rule, fc.boolean(), (made, numeric) => {
      const [digit, table = "", chain = ""] = made.place.split(" ");
      const family = digit === "6" ? 6 : 4;
      const { ruleset } = readRules(`*${table}\n-A ${chain} ${made.rule}\nCOMMIT\n`, "rule", { family });
      if (!ruleset) return;
      const save = printSave(ruleset);
      const reloaded = readRules(save, "save", { family }).ruleset;
      if (!reloaded || printSave(reloaded) !== save) return;
      const listing = printList(ruleset, table as TableName, { verbose: true, exact: true, numeric });
      const again = readList(`# ip${family === 6 ? "6" : ""}tables -t ${table} -L\n${listing}`, "list");
      expect(again.ruleset ? printSave(again.ruleset) : again.faults, listing).toEqual(save);
      loaded++;
    }),
    { numRuns: 1500, seed: Number(process.env["SEED"] ?? 1), endOnFailure: true },
  );
  console.log(`rules of several extensions that read back from their listing: ${loaded}`);
  expect(loaded).toBeGreaterThan(200);
});
