import type { Command } from "commander";
import type { Exit } from "../exit.ts";
import { CALL_NAMES, toolCall } from "../tools/index.ts";

/** What each kind of tool is for. */
const HELP: readonly (readonly [name: string, does: string])[] = [
  ["iptables", "edit or list the IPv4 rules of the store, as iptables 1.8.9 does"],
  ["iptables-save", "print the IPv4 rules of the store"],
  ["iptables-restore", "put rules from a file or standard input into the store"],
  ["ip6tables", "edit or list the IPv6 rules of the store"],
  ["ip6tables-save", "print the IPv6 rules of the store"],
  ["ip6tables-restore", "put IPv6 rules into the store"],
  ["iptables-xml", "print save text as XML"],
  ["ipset", "edit or list the sets of the store, as ipset 7.17 does"],
];

const STORE_TEXT =
  "\nThe store is a plain save file, ./ferrule.rules unless --store FILE or FERRULE_STORE says otherwise; IPv6 rules are in FILE.v6 and sets in FILE.ipset.\n" +
  "--store, --legacy and --nft stand before the tool's own options. Names with -legacy or -nft in them (iptables-legacy-save) work too.\n";

/** `ferrule iptables …` and its companions, and `ferrule shims`, which makes programs of their names. */
export function addTools(ferrule: Command, exit: Exit): void {
  for (const [name, does] of HELP) {
    ferrule
      .command(`${name} [arguments...]`)
      .description(does)
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .addHelpText("after", STORE_TEXT + exampleOf(name))
      .action(async (argv: readonly string[]) => {
        const { runToolCall } = await import("../tools/run.ts");
        exit.status = await runToolCall(toolCall(undefined, [name, ...argv]) ?? { name, argv });
      });
  }
  ferrule
    .command("shims <folder>")
    .description(`make small programs called ${CALL_NAMES[0]} and so on that call ferrule`)
    .option("--store <file>", "the store they work on, instead of ./ferrule.rules where they are called")
    .addHelpText(
      "after",
      "\nExamples:\n  ferrule shims ~/shims && PATH=~/shims:$PATH sh firewall.sh\n  ferrule shims --store lab.rules ./bin",
    )
    .action(async (folder: string, { store }: { store?: string }) => {
      const { makeShims } = await import("../tools/shims.ts");
      for (const name of makeShims(folder, store)) process.stdout.write(`${name}\n`);
    });
}

const exampleOf = (name: string): string => `\nExamples:\n  ferrule ${name} ${EXAMPLES[name] ?? "< rules.v4"}\n`;

const EXAMPLES: Readonly<Record<string, string>> = {
  iptables: "-A INPUT -p tcp --dport 22 -j ACCEPT\n  ferrule iptables --store lab.rules -L -v -n",
  ip6tables: "-A INPUT -p ipv6-icmp -j ACCEPT",
  "iptables-save": "-c",
  "ip6tables-save": "-t filter",
  ipset: "create blocked hash:net",
};
