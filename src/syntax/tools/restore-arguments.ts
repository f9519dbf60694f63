import { readArguments, type LongOption } from "./getopt.ts";
import type { Tool } from "./tool.ts";
import { versionOf } from "./tool-name.ts";

/** How to restore. */
export interface RestoreWish {
  /** Take counters from the text. */
  readonly counters: boolean;
  readonly verbose: boolean;
  /** Read and look at everything, and change nothing. */
  readonly test: boolean;
  /** Add to what is there. */
  readonly noflush: boolean;
  /** Only this table. */
  readonly only: string | undefined;
  /** The text's file; standard input when undefined. */
  readonly file: string | undefined;
  /** What was said on standard error meanwhile. */
  readonly notes: string;
}

/** An answer that needs no rules. */
export interface RestoreAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const option = (word: string, letter: string, takes: LongOption["takes"] = "none"): LongOption => ({ word, letter, takes });
const LONG: readonly LongOption[] = [
  option("counters", "c"),
  option("verbose", "v"),
  option("version", "V"),
  option("test", "t"),
  option("help", "h"),
  option("noflush", "n"),
  option("modprobe", "M", "required"),
  option("table", "T", "required"),
  option("wait", "w", "optional"),
  option("wait-interval", "W", "optional"),
  option("ipv4", "4"),
  option("ipv6", "6"),
];

/** Reads the options of iptables-restore, or gives the answer that ends it. iptables: iptables-restore.c, xtables-restore.c. */
export function readRestoreArguments(tool: Tool, argv: readonly string[]): RestoreWish | RestoreAnswer {
  const legacy = tool.variant === "legacy";
  const given = readArguments(argv, "bcvVthnwWM:T:", LONG, tool.called);
  const wish = { counters: false, verbose: false, test: false, noflush: false, only: undefined as string | undefined };
  let notes = "";
  let waits = false;
  let interval = false;
  const answer = (stdout: string, stderr: string, status: number): RestoreAnswer => ({ stdout, stderr: notes + stderr, status });
  // -w takes the next word when that is no option, which getopt has put among the others.
  const rest = [...given.rest];
  for (const { letter, value } of given.options) {
    switch (letter) {
      case "b":
        notes += "-b/--binary option is not implemented\n";
        break;
      case "c":
        wish.counters = true;
        break;
      case "v":
        wish.verbose = true;
        break;
      case "t":
        wish.test = true;
        break;
      case "n":
        wish.noflush = true;
        break;
      case "T":
        wish.only = value;
        break;
      case "V":
        return answer(`${versionOf(tool)}\n`, "", 0);
      case "h":
        return answer("", usage(tool), 0);
      case "w":
      case "W": {
        const word = value ?? followingWord(argv, letter, rest);
        if (letter === "w") waits = true;
        else interval = true;
        if (!legacy) break;
        if (letter === "w" && word !== undefined && !/^\s*[-+]?\d/.test(word))
          return answer("", `${versionOf(tool)}: wait seconds not numeric\n${helpAt(tool)}`, 2);
        if (letter === "W") {
          if (word === undefined) return answer("", `${versionOf(tool)}: wait interval value required\n${helpAt(tool)}`, 2);
          if (!/^\s*[-+]?\d/.test(word)) return answer("", `${versionOf(tool)}: wait interval not numeric\n${helpAt(tool)}`, 2);
          notes += "Ignoring deprecated --wait-interval option.\n";
        }
        break;
      }
    }
  }
  if (given.fault !== undefined) return answer("", `${given.fault}\nTry \`${tool.program} -h' for more information.\n`, 1);
  if (rest.length > 1) return answer("", "Unknown arguments found on commandline\n", 1);
  if (legacy && interval && !waits) return answer("", "Option --wait-interval requires option --wait\n", 1);
  return { ...wish, file: rest[0] === "-" ? undefined : rest[0], notes };
}

const helpAt = ({ program }: Tool): string =>
  `Error occurred at line: 0\nTry \`${program} -h' or '${program} --help' for more information.\n`;

/** The word behind -w or -W when it is no option; it then is no file. */
function followingWord(argv: readonly string[], letter: string, rest: string[]): string | undefined {
  const long = letter === "w" ? "--wait" : "--wait-interval";
  for (const [i, word] of argv.entries()) {
    if (word !== long && !(/^-[^-]/.test(word) && word.endsWith(letter))) continue;
    const next = argv[i + 1];
    if (next === undefined || next.startsWith("-") || next.startsWith("!")) return undefined;
    const place = rest.indexOf(next);
    if (place >= 0) rest.splice(place, 1);
    return next;
  }
  return undefined;
}

function usage({ program, variant }: Tool): string {
  const words = "counters verbose version test help noflush".split(" ");
  const last =
    variant === "nft" ? ["table=<TABLE>", "modprobe=<command>", "ipv4", "ipv6"] : ["wait=<seconds>", "table=<TABLE>", "modprobe=<command>"];
  const short = variant === "nft" ? "[-T table] [-M command] [-4] [-6] [file]" : "[-w secs] [-W usecs] [-T table] [-M command] [file]";
  const shown = [...words, ...last].map(word => `\t   [ --${word}${word === "version" ? "]" : word === "wait=<seconds>" ? "" : " ]"}\n`);
  return `Usage: ${program} [-c] [-v] [-V] [-t] [-h] [-n] ${short}\n${shown.join("")}`;
}
