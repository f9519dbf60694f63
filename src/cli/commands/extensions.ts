import type { Command } from "commander";
import { jsonText } from "../../report/index.ts";
import { closest, extensionHelp, type ExtensionHelp } from "../../syntax/index.ts";
import { usageFault } from "../fault.ts";
import type { Exit } from "../exit.ts";

/** `ferrule extensions [NAME]`: the matches and targets that are modelled, or the options of one. */
export function addExtensions(ferrule: Command, _exit: Exit): void {
  ferrule
    .command("extensions [extension]")
    .description("list the matches and targets that rules may use, or the options of one")
    .option("--json", "the same as JSON (docs/json.md)")
    .addHelpText("after", "\nExamples:\n  ferrule extensions\n  ferrule extensions conntrack\n  ferrule extensions REJECT")
    .action((name: string | undefined, { json }: { json?: boolean }) => {
      const all = extensionHelp();
      const chosen = name === undefined ? all : all.filter(each => each.name === name);
      if (name !== undefined && chosen.length === 0) {
        const guess = closest(
          name,
          all.map(each => each.name),
        );
        throw usageFault("extensions", `no match or target is called ${name}`, guess);
      }
      if (json) process.stdout.write(`${jsonText({ ferrule: "extensions", version: 1, extensions: chosen })}\n`);
      else process.stdout.write(name === undefined ? listed(all) : chosen.map(detail).join("\n"));
    });
}

function listed(all: readonly ExtensionHelp[]): string {
  const section = (kind: ExtensionHelp["kind"]): string => {
    const names = new Map(all.filter(each => each.kind === kind).map(each => [each.name, each.help]));
    return [...names].map(([name, help]) => `  ${name.padEnd(12)} ${help}\n`).join("");
  };
  return `Matches (-m)\n${section("match")}\nTargets (-j)\n${section("target")}`;
}

function detail({ kind, name, families, help, options }: ExtensionHelp): string {
  const only = families.length === 1 ? `, IPv${families[0]} only` : "";
  const lines = [`${kind === "match" ? "-m" : "-j"} ${name} (${kind}${only}): ${help}`];
  for (const { usage, aliases, help: sentence, words } of options) {
    const also = aliases.length > 0 ? ` (also ${aliases.map(alias => `--${alias}`).join(", ")})` : "";
    lines.push(`  ${usage}${also}`, `      ${sentence}`);
    if (words.length > 0) lines.push(`      one of: ${words.join(", ")}`);
  }
  return `${lines.join("\n")}\n`;
}
