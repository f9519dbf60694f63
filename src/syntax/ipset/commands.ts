import type { CommandName } from "./sentences.ts";

/** A command of ipset: the names it goes by, and how many arguments it must have, may have, or has not. */
export interface Command {
  readonly name: CommandName;
  readonly names: readonly string[];
  readonly takes: "none" | "optional" | "two";
  /** Help's text behind the name. */
  readonly help: string;
}

const command = (name: CommandName, more: string, takes: Command["takes"], help: string): Command => ({
  name,
  names: [name, ...more.split(" ").filter(Boolean)],
  takes,
  help,
});

/** ipset's commands in the order in which abbreviations are looked up. libipset: ipset.c */
export const COMMANDS: readonly Command[] = [
  command("create", "new -N", "two", "SETNAME TYPENAME [type-specific-options]\n        Create a new set"),
  command("add", "-A", "two", "SETNAME ENTRY\n        Add entry to the named set"),
  command("del", "-D", "two", "SETNAME ENTRY\n        Delete entry from the named set"),
  command("test", "-T", "two", "SETNAME ENTRY\n        Test entry in the named set"),
  command("destroy", "x -X", "optional", "[SETNAME]\n        Destroy a named set or all sets"),
  command("list", "-L", "optional", "[SETNAME]\n        List the entries of a named set or all sets"),
  command("save", "-S", "optional", "[SETNAME]\n        Save the named set or all sets to stdout"),
  command("restore", "-R", "none", "\n        Restore a saved state"),
  command("flush", "-F", "optional", "[SETNAME]\n        Flush a named set or all sets"),
  command("rename", "e -E", "two", "FROM-SETNAME TO-SETNAME\n        Rename two sets"),
  command("swap", "w -W", "two", "FROM-SETNAME TO-SETNAME\n        Swap the contect of two existing sets"),
  command("help", "-h -H", "optional", "[TYPENAME]\n        Print help, and settype specific help"),
  command("version", "-v -V", "none", "\n        Print version information"),
  command("quit", "", "none", "\n        Quit interactive mode"),
];

/** The command that a word or the start of one means. libipset: ipset.c, ipset_match_cmd. */
export function findCommand(word: string): Command | undefined {
  const start = word.startsWith("--") ? word.slice(2) : word;
  if (start === "" || word === "-") return undefined;
  return COMMANDS.find(({ names }) => names.some(name => name.startsWith(start)));
}

/** An option that may stand anywhere. */
export interface GlobalOption {
  readonly names: readonly [string, string];
  readonly takes: boolean;
  readonly sets: "output" | "sorted" | "quiet" | "resolve" | "exist" | "name" | "terse" | "file";
  readonly help: string;
}

/** Options that are not a command's own, in the order in which they are looked for. */
export const GLOBAL_OPTIONS: readonly GlobalOption[] = [
  {
    names: ["-o", "-output"],
    takes: true,
    sets: "output",
    help: 'plain|save|xml\n       Specify output mode for listing sets.\n       Default value for "list" command is mode "plain"\n       and for "save" command is mode "save".',
  },
  { names: ["-s", "-sorted"], takes: false, sets: "sorted", help: "\n        Print elements sorted (if supported by the set type)." },
  { names: ["-q", "-quiet"], takes: false, sets: "quiet", help: "\n        Suppress any notice or warning message." },
  { names: ["-r", "-resolve"], takes: false, sets: "resolve", help: "\n        Try to resolve IP addresses in the output (slow!)" },
  {
    names: ["-!", "-exist"],
    takes: false,
    sets: "exist",
    help: "\n        Ignore errors when creating or adding sets or\n        elements that do exist or when deleting elements\n        that don't exist.",
  },
  { names: ["-n", "-name"], takes: false, sets: "name", help: "\n        When listing, just list setnames from the kernel.\n" },
  {
    names: ["-t", "-terse"],
    takes: false,
    sets: "terse",
    help: "\n        When listing, list setnames and set headers\n        from kernel only.",
  },
  {
    names: ["-f", "-file"],
    takes: true,
    sets: "file",
    help: "\n        Read from the given file instead of standard\n        input (restore) or write to given file instead\n        of standard output (list/save).",
  },
];

/** Is a word that option? One leading dash more does not count. libipset: ipset.c, ipset_match_envopt. */
export function isGlobalOption(word: string, { names }: GlobalOption): boolean {
  return names.includes(word.startsWith("--") ? word.slice(1) : word);
}
