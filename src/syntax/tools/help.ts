import type { MatchType, Option, TargetType } from "../../xtables/index.ts";
import type { Scan } from "../spoken.ts";
import type { Tool } from "./tool.ts";
import { versionOf } from "./tool-name.ts";

/** What a line of help says: the words to write, and what they do. */
type HelpLine = readonly [words: string, does: string];

const USAGES: readonly string[] = [
  "-A|-C|-D CHAIN RULE",
  "-I CHAIN [NUMBER] RULE",
  "-R CHAIN NUMBER RULE",
  "-D CHAIN NUMBER",
  "-L|-S [CHAIN [NUMBER]]",
  "-F|-Z [CHAIN]",
  "-N|-X CHAIN",
  "-E CHAIN NAME",
  "-P CHAIN ACCEPT|DROP",
];

const COMMANDS: readonly HelpLine[] = [
  ["-A, --append CHAIN RULE", "put the rule at the chain's end"],
  ["-C, --check CHAIN RULE", "is there such a rule? status 0 or 1"],
  ["-D, --delete CHAIN RULE", "take away the first such rule"],
  ["-D, --delete CHAIN NUMBER", "take away the rule of that number, from 1"],
  ["-I, --insert CHAIN [NUMBER]", "put the rule before that of the number, or first"],
  ["-R, --replace CHAIN NUMBER", "put the rule in place of that of the number"],
  ["-L, --list [CHAIN [NUMBER]]", "show rules as a table"],
  ["-S, --list-rules [CHAIN [NUMBER]]", "show rules as the commands that make them"],
  ["-F, --flush [CHAIN]", "take away all rules"],
  ["-Z, --zero [CHAIN [NUMBER]]", "set counters to zero"],
  ["-N, --new-chain CHAIN", "make a chain"],
  ["-X, --delete-chain [CHAIN]", "take away an empty chain that nothing leads to, or all of them"],
  ["-E, --rename-chain CHAIN NAME", "give a chain another name"],
  ["-P, --policy CHAIN ACCEPT|DROP", "what becomes of packets that no rule decides"],
];

/** IPv6 has a match for it. */
const FRAGMENT: HelpLine = ["[!] -f, --fragment", "second and later fragments only"];

const OPTIONS: readonly HelpLine[] = [
  ["-4, --ipv4", "for iptables alone: a line that ip6tables-restore passes over"],
  ["-6, --ipv6", "for ip6tables alone: a line that iptables-restore passes over"],
  ["[!] -p, --protocol PROTOCOL", "name or number"],
  ["[!] -s, --source ADDRESS[/MASK][,...]", "where the packet comes from"],
  ["[!] -d, --destination ADDRESS[/MASK][,...]", "where it goes"],
  ["[!] -i, --in-interface NAME[+]", "the interface it came in by; + stands for any rest"],
  ["[!] -o, --out-interface NAME[+]", "the interface it leaves by"],
  FRAGMENT,
  ["-j, --jump TARGET", "what to do, or the chain to ask"],
  ["-g, --goto CHAIN", "ask the chain and do not come back"],
  ["-m, --match MATCH", "load a match; -m MATCH -h shows its options"],
  ["-t, --table TABLE", "the table; filter when none is said"],
  ["-c, --set-counters PACKETS BYTES", "what the rule's counters begin with"],
  ["-n, --numeric", "numbers for addresses, ports and protocols"],
  ["-v, --verbose", "say more"],
  ["-x, --exact", "counters to the last digit"],
  ["--line-numbers", "number the rules"],
  ["-w, --wait [SECONDS]", "wait for the lock, at most so long"],
  ["--modprobe COMMAND", "taken and not needed"],
  ["-V, --version", "print the version"],
  ["-h, --help", "this; with -m, -p or -j before it also what those take"],
];

/** The text of -h: commands, options, and the options of the matches and the target that stood before it. In Ferrule's own words. */
export function printHelp(tool: Tool, scan: Scan | undefined): string {
  const lines = [versionOf(tool), ""];
  for (const [i, usage] of USAGES.entries()) lines.push(`${i === 0 ? "Usage:" : "      "} ${tool.program} [-t TABLE] ${usage} [OPTIONS]`);
  lines.push("", "Commands:", ...columns(COMMANDS), "", "Options:");
  lines.push(...columns(OPTIONS.filter(line => line !== FRAGMENT || tool.family === 4)));
  const loaded = [...(scan?.matches ?? []), ...(scan?.target ? [scan.target] : [])];
  const seen = new Set<unknown>();
  for (const { type } of loaded) {
    if (!type || seen.has(type)) continue;
    seen.add(type);
    lines.push("", ...extensionLines(type, type === scan?.target?.type ? "target" : "match"));
  }
  return `${lines.join("\n")}\n`;
}

const WIDTH = 38;

const columns = (lines: readonly HelpLine[]): string[] =>
  lines.map(([words, does]) => (words.length < WIDTH ? `  ${words.padEnd(WIDTH)} ${does}` : `  ${words}\n  ${" ".repeat(WIDTH)} ${does}`));

function extensionLines({ name, help, options }: MatchType<unknown> | TargetType<unknown>, kind: "match" | "target"): string[] {
  const declared = Object.entries<Option<unknown>>(options.options);
  const lines = declared.map(([option, { value, invert, aliases = [], help: does }]): HelpLine => {
    const also = aliases.map(alias => `, --${alias}`).join("");
    return [`${invert ? "[!] " : ""}--${option}${also}${value ? ` ${value.shape}` : ""}`, does];
  });
  return [`${name} ${kind} options: ${help}`, ...columns(lines)];
}
