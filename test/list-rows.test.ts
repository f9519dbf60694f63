import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { printList, printSave, readRules } from "../src/syntax/index.ts";
import { readList } from "../src/syntax/read-list.ts";
import type { TableName } from "../src/xtables/index.ts";
import { chainRows, type PacketRow, type RuleRow } from "./rows.ts";

type Row = RuleRow | PacketRow;

/** Rules whose listing says less than they do, by what they are saved as, and what about them it leaves out. */
const UNTOLD: readonly (readonly [extension: string, saved: RegExp, reason: string])[] = [
  ["quota", /! --quota/, "the inversion"],
  ["osf", / --(?:ttl|log) /, "--ttl and --log"],
  ["hashlimit", /./, "the rate of --hashlimit-rate-interval without --hashlimit-rate-match is listed over that time"],
  ["dccp", /(?<!!) --[sd]port 0:65535$/, "ports that say nothing"],
  ["sctp", /(?<!!) --[sd]port 0:65535$/, "ports that say nothing"],
  ["dccp", / --dccp-types $/, "an empty list of types"],
];
/** Rules of hashlimit with a time over which nothing is compared, or over which the rate is too high to be told. */
const UNTOLD_RATE = /(?<!rate-match )--hashlimit-rate-interval 10 |99999999999/;

/** Every table of hashlimit under one name, since a listing has none. */
const nameless = (save: string): string => save.replaceAll(/--hashlimit-name \S+/g, "--hashlimit-name …");

const LOSSES = [
  /^a listing does not name the tables of match `hashlimit'/,
  /^a listing shows `! --quota'/,
  /^a listing shows neither --ttl nor --log/,
];

const counts = { same: 0, untold: 0, unsavable: 0 };

/** The row's rule listed and read back, with those that it needs; undefined where it does not load, or not even its saved text gives it back. */
function listed(row: Row, numeric: boolean) {
  const { family, table, chain, before, rule } = row;
  const text = [`*${table}`, ...[...before, rule].map(each => `-A ${chain} ${each}`), "COMMIT", ""].join("\n");
  const { ruleset, warnings } = readRules(text, "row", { family });
  if (!ruleset) return undefined;
  const save = printSave(ruleset);
  const reloaded = readRules(save, "save", { family }).ruleset;
  if (!reloaded || printSave(reloaded) !== save) {
    counts.unsavable++;
    return undefined;
  }
  const listing = printList(ruleset, table as TableName, { verbose: true, exact: true, numeric, lineNumbers: numeric });
  const again = readList(`# ip${family === 6 ? "6" : ""}tables -t ${table} -L\n${listing}`, "list");
  const got = again.ruleset ? printSave(again.ruleset) : again.faults.map(({ message }) => message).join("\n");
  // A rule that never matches is told of by the words it came in: a number instead of a name.
  const told = new Set(warnings.map(({ message }) => message));
  const added = again.warnings
    .map(({ message }) => message)
    .filter(message => !told.has(message) && !/never match/.test(message) && !LOSSES.some(loss => loss.test(message)));
  return { want: nameless(save), got: nameless(got), warnings: added, listing };
}

function isUntold(extension: string, rule: string, saved: string): boolean {
  const found = UNTOLD.some(([name, shape]) => name === extension && shape.test(saved));
  return found && (extension !== "hashlimit" || UNTOLD_RATE.test(rule));
}

/** The rule itself as it is saved, without the lines around it. */
const lastRule = (save: string): string => save.split("\n").findLast(line => line.startsWith("-A ")) ?? "";

describe("a rule of every row is listed and read back", () => {
  for (const folder of ["matches", "targets"])
    for (const name of readdirSync(`src/extensions/${folder}`).filter(file => file.endsWith(".t"))) {
      const { rules, packets } = chainRows(readFileSync(`src/extensions/${folder}/${name}`, "utf8"));
      const rows: Row[] = [...rules.filter(({ outcome }) => outcome === "OK"), ...packets];
      test(`${folder}/${name}`, () => {
        const seen = new Set<string>();
        const wrong: string[] = [];
        for (const row of rows) {
          const place = `IPv${row.family} ${row.table} ${row.before.join(" ")} ${row.rule}`;
          if (seen.has(place)) continue;
          seen.add(place);
          for (const numeric of [true, false]) {
            const read = listed(row, numeric);
            if (!read) continue;
            const { want, got, warnings, listing } = read;
            if (isUntold(name.slice(0, -2), row.rule, lastRule(want))) {
              counts.untold++;
              if (got === want) wrong.push(`${place}: told after all`);
              continue;
            }
            counts.same++;
            if (got !== want) wrong.push(`${place}\nwant ${lastRule(want)}\ngot  ${lastRule(got) || got}\n${listing}`);
            if (warnings.length > 0) wrong.push(`${place}: ${warnings.join("; ")}`);
          }
        }
        expect(wrong).toEqual([]);
      });
    }

  afterAll(() => {
    console.log(
      `rules of rows that read back from their listing: ${counts.same}; that a listing does not tell whole: ${counts.untold}; that not even their saved text gives back: ${counts.unsavable}`,
    );
    expect(counts.same).toBeGreaterThan(3000);
    expect(counts.untold).toBeLessThan(40);
  });
});

describe("what no listing says is told of once", () => {
  const HEAD = "Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n";
  const row = (protocol: string, text: string): string =>
    `ACCEPT     ${protocol.padEnd(4)} --  0.0.0.0/0            0.0.0.0/0            ${text}\n`;
  test.each([
    ["tcp", "limit: above 5/sec burst 5 mode srcip", "does not name the tables"],
    ["all", "quota: 5 bytes", "`! --quota'"],
    ["tcp", "OS fingerprint match Linux", "--ttl nor --log"],
  ])("%s %s", (protocol, text, said) => {
    const { warnings } = readList(`# iptables -L\n${HEAD}${row(protocol, text)}${row(protocol, text)}`, "list");
    expect(warnings.filter(({ message }) => message.includes(said)).map(({ line }) => line)).toEqual([4]);
  });
  test("each rule of hashlimit has a table of its own", () => {
    const text = row("all", "limit: above 5/sec burst 5 limit: up to 50/min burst 7 mode dstip-dstport rate-match");
    const { ruleset } = readList(`# iptables -L\n${HEAD}${text}${text}`, "list");
    const names = ruleset && printSave(ruleset).match(/(?<=--hashlimit-name )\S+/g);
    expect(names).toEqual(["listed-4-63", "listed-4-90", "listed-5-63", "listed-5-90"]);
  });
});
