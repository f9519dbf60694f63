import { Option, type Command } from "commander";
import { TABLES } from "../../xtables/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { defaultNames, printList, printSave, printSets, printSpecs } from "../../syntax/index.ts";
import { hostOptions, loadRules, rulesOptions, type HostOptions, type RulesFlags } from "../input.ts";
import { jsonText, rulesetJson } from "../../report/index.ts";
import type { Exit } from "../exit.ts";

interface ShowFlags extends RulesFlags, HostOptions {
  readonly list?: boolean;
  readonly sets?: boolean;
  readonly specs?: boolean;
  readonly counters?: boolean;
  readonly table?: string;
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact?: boolean;
  readonly lineNumbers: boolean;
  readonly json?: boolean;
}

/** `ferrule show`: the rules as iptables itself would print them after loading. */
export function addShow(ferrule: Command, _exit: Exit): void {
  hostOptions(rulesOptions(ferrule.command("show <rules>").description("print rules as iptables-save would after loading them")))
    .option("--list", "the listing of iptables -L -v -n --line-numbers, table by table")
    .option("--sets", "the ipsets that came with the rules, as ipset save prints them")
    .option("--specs", "the commands of iptables -S, table by table")
    .option("-c, --counters", "with packet and byte counters")
    .addOption(new Option("-t, --table <name>", "only this table").choices([...TABLES]))
    .option("--no-numeric", "with --list: names for ports and addresses")
    .option("--no-verbose", "with --list: without counters and interfaces")
    .option("-x, --exact", "with --list: counters to the last digit")
    .option("--no-line-numbers", "with --list: without rule numbers")
    .option("--json", "the rules as JSON (docs/json.md)")
    .addHelpText(
      "after",
      "\nRULES is iptables-save text, an iptables -S dump, an iptables -L listing (lossy) or a firewall script, which is run in a sandbox,\nor - for standard input.\n\nExamples:\n  ferrule show rules.v4\n  ferrule show firewall.sh --script-args start\n  ssh router iptables-save | ferrule show -\n  ferrule show --list rules.v4",
    )
    .action(async (path: string, flags: ShowFlags) => {
      const { v4, v6, sets } = await loadRules(path, flags);
      if (flags.sets) {
        const listed = { mode: "save", namesOnly: false, terse: false, members: true, sorted: true, now: Date.now() * 1000 } as const;
        process.stdout.write(sets ? printSets(sets.list(), listed) : "");
        return;
      }
      for (const ruleset of [v4, v6]) if (ruleset) process.stdout.write(shown(only(ruleset, flags.table), flags));
    });
}

function shown(ruleset: Ruleset, flags: ShowFlags): string {
  if (flags.json) return `${jsonText(rulesetJson(ruleset))}\n`;
  if (!flags.list && !flags.specs) return printSave(ruleset, { counters: flags.counters ?? false });
  const { numeric, verbose, exact = false, lineNumbers } = flags;
  const tables = TABLES.flatMap(name => ruleset.tables.get(name) ?? []);
  return tables
    .map(table => {
      const title = tables.length > 1 ? `*${table.name}\n` : "";
      return (
        title +
        (flags.list
          ? printList(ruleset, table.name, { numeric, verbose, exact, lineNumbers, names: defaultNames })
          : printSpecs(table, { verbose: flags.counters ?? false }))
      );
    })
    .join(flags.list ? "\n" : "");
}

function only(ruleset: Ruleset, name: string | undefined): Ruleset {
  return name === undefined ? ruleset : { ...ruleset, tables: new Map([...ruleset.tables].filter(([table]) => table === name)) };
}
