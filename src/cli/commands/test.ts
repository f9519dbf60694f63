import type { Command } from "commander";
import type { TestFlags } from "../assertion-run.ts";
import { hostOptions, rulesOptions } from "../input.ts";
import type { Exit } from "../exit.ts";

/** `ferrule test`: assertions on a ruleset, proven for all packets. */
export function addTest(ferrule: Command, exit: Exit): void {
  hostOptions(
    rulesOptions(
      ferrule.command("test <file>").description("assertions on a ruleset, proven for all packets; a counterexample where one fails"),
    ),
  )
    .option("--rules <rules>", "test these rules instead of those that FILE names")
    .option("--tap", "print the Test Anything Protocol, version 14")
    .option("--junit <file>", "write JUnit XML to a file, too; - prints it instead")
    .option("--json", "everything as JSON (docs/json.md)")
    .option("--watch", "run again when a file changes")
    .addHelpText("after", HELP)
    .action(async (path: string, flags: TestFlags) => {
      // Who tests nothing needs no reader of YAML.
      const { testOnce, watchTests } = await import("../assertion-run.ts");
      if (flags.watch === true) return watchTests(path, flags);
      exit.status = (await testOnce(path, flags)) ? 0 : 1;
    });
}

const HELP = `
FILE is YAML (share/ferrule-test.schema.json):
  rules: gateway.rules            # and v6:, host:, ipset:, resolve: as the options of these names; relative to FILE
  vars:
    office: 203.0.113.0/24, 198.51.100.7
  assert:
    - name: the office may ssh
      allow: from $office to self tcp 22
    - deny: from ! $office to self tcp 22
    - at most: [from any to self tcp 80,443, from $office to self tcp 22]
      path: in
    - invariant: out != tun0 implies drop
    - no strays
    - no finding: [F07, F15]
    - equal to: last-week.rules

Claims are allow, deny, reject, half-open (questions as in \`ferrule query\`), no strays, at most, invariant, no finding and equal to.
The exit status is 0 when all hold, else 1.

Examples:
  ferrule test firewall.yaml
  ferrule test firewall.yaml --rules new.rules --junit results.xml
  ferrule test firewall.yaml --watch`;
