import { Argument, type Command, type Option } from "commander";
import { extensionHelp } from "../../syntax/index.ts";
import type { Exit } from "../exit.ts";

/** `ferrule completion bash|zsh|fish`: prints a script made from the commands, options and arguments as they are declared. */
export function addCompletion(ferrule: Command, _exit: Exit, whole: () => Promise<Command>): void {
  ferrule
    .command("completion")
    .description("print a completion script for your shell")
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      "\nExamples:\n  source <(ferrule completion bash)\n  ferrule completion zsh > ~/.zfunc/_ferrule\n  ferrule completion fish > ~/.config/fish/completions/ferrule.fish",
    )
    .action(async (shell: string) => void process.stdout.write(`${SCRIPTS[shell as keyof typeof SCRIPTS](await whole())}\n`));
}

const SCRIPTS: Readonly<Record<"bash" | "zsh" | "fish", (ferrule: Command) => string>> = { bash, zsh, fish };

/** What may stand in a place: one of some words, the name of a file, or what no shell can know. */
type Wanted = readonly string[] | "file" | "free";

const FILES = ["file", "rules", "capture"];

/** From a declaration: its choices, or its placeholder, as in `<4|6>` and `<file>`. */
function wantedBy(choices: readonly string[] | undefined, placeholder: string): Wanted {
  if (choices) return choices;
  if (placeholder === "extension") return [...new Set(extensionHelp().map(({ name }) => name))];
  if (placeholder.includes("|")) return placeholder.split("|");
  return FILES.includes(placeholder) ? "file" : "free";
}

interface Flag {
  readonly names: readonly string[];
  readonly help: string;
  /** Undefined for a flag without a value. */
  readonly value: Wanted | undefined;
}

interface Place {
  readonly name: string;
  readonly wanted: Wanted;
  readonly repeated: boolean;
}

interface Verb {
  readonly name: string;
  readonly help: string;
  readonly flags: readonly Flag[];
  readonly places: readonly Place[];
}

const HELP: Flag = { names: ["-h", "--help"], help: "show help", value: undefined };

function flagOf({ short, long, description, required, flags, argChoices }: Option): Flag {
  const names = [short, long].filter(name => name !== undefined && name !== null);
  return { names, help: description, value: required ? wantedBy(argChoices, /<(.*)>/.exec(flags)?.[1] ?? "") : undefined };
}

function verbsOf({ commands }: Command): readonly Verb[] {
  const verbs = commands.map(command => ({
    name: command.name(),
    help: command.description(),
    flags: [...command.options.filter(({ hidden }) => !hidden).map(flagOf), HELP],
    places: command.registeredArguments.map(argument => ({
      name: argument.name(),
      wanted: wantedBy(argument.argChoices, argument.name()),
      repeated: argument.variadic,
    })),
  }));
  const names = verbs.map(({ name }) => name);
  return [
    ...verbs,
    { name: "help", help: "show help for a command", flags: [], places: [{ name: "command", wanted: names, repeated: false }] },
  ];
}

function bash(ferrule: Command): string {
  const verbs = verbsOf(ferrule);
  const put = (wanted: Wanted): string =>
    wanted === "file" ? "_ferrule_files" : wanted === "free" ? ":" : `_ferrule_words "${wanted.join(" ")}"`;
  const values = verbs.flatMap(({ name, flags }) =>
    flags.flatMap(({ names, value }) =>
      value === undefined ? [] : [`    ${names.map(flag => `"${name} ${flag}"`).join("|")}) ${put(value)}; return ;;`],
    ),
  );
  const options = verbs.map(({ name, flags }) => `      ${name}) _ferrule_words "${flags.flatMap(({ names }) => names).join(" ")}" ;;`);
  const places = verbs.map(({ name, places: [first] }) => `    ${name}) ${put(first?.wanted ?? "free")} ;;`);
  return `# ferrule completion for bash
_ferrule_words() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$current")
}
_ferrule_files() {
  local word
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
}
_ferrule() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _ferrule_words "${verbs.map(({ name }) => name).join(" ")} --help --version"
    return
  fi
  # --option=value comes as three words.
  if [ "$current" = "=" ]; then
    current=""
  elif [ "$before" = "=" ]; then
    before="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  case "\${COMP_WORDS[1]} $before" in
${values.join("\n")}
  esac
  if [[ "$current" == -* ]]; then
    case "\${COMP_WORDS[1]}" in
${options.join("\n")}
    esac
    return
  fi
  case "\${COMP_WORDS[1]}" in
${places.join("\n")}
  esac
}
complete -F _ferrule ferrule`;
}

function zsh(ferrule: Command): string {
  const verbs = verbsOf(ferrule);
  const quote = (text: string): string => text.replace(/[[\]:\\]/g, "\\$&").replace(/'/g, "'\\''");
  const action = (wanted: Wanted): string => (wanted === "file" ? "_files" : wanted === "free" ? " " : `(${wanted.join(" ")})`);
  const flag = ({ names, help, value }: Flag): string => {
    const rest = `[${quote(help)}]${value === undefined ? "" : `:value:${action(value)}`}`;
    return names.map(name => `'*${name}${rest}'`).join(" ");
  };
  const place = ({ name, wanted, repeated }: Place): string => `'${repeated ? "*" : ""}:${name}:${action(wanted)}'`;
  const cases = verbs.map(
    ({ name, flags, places }) => `    ${name}) _arguments ${[...flags.map(flag), ...places.map(place)].join(" ")} ;;`,
  );
  return `#compdef ferrule
_ferrule() {
  local -a commands
  commands=(
${verbs.map(({ name, help }) => `    '${name}:${quote(help)}'`).join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  shift words
  (( CURRENT-- ))
  case "$words[1]" in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = _ferrule ]; then _ferrule "$@"; else compdef _ferrule ferrule; fi`;
}

function fish(ferrule: Command): string {
  const quote = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;
  const wants = (wanted: Wanted | undefined): string =>
    wanted === undefined ? "" : wanted === "file" ? " -r -F" : wanted === "free" ? " -x" : ` -x -a ${quote(wanted.join(" "))}`;
  const lines = verbsOf(ferrule).flatMap(({ name, help, flags, places: [first] }) => {
    const within = `complete -c ferrule -n '__fish_seen_subcommand_from ${name}'`;
    const spelled = (flag: string): string => (flag.startsWith("--") ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`);
    return [
      `complete -c ferrule -n __fish_use_subcommand -f -a ${name} -d ${quote(help)}`,
      ...flags.map(each => `${within}${each.names.map(spelled).join("")}${wants(each.value)} -d ${quote(each.help)}`),
      first?.wanted === "file"
        ? `${within} -F`
        : `${within} -f${first === undefined || first.wanted === "free" ? "" : ` -a ${quote(first.wanted.join(" "))}`}`,
    ];
  });
  return [
    "# ferrule completion for fish",
    "complete -c ferrule -n __fish_use_subcommand -f -s V -l version -d 'print the version'",
    ...lines,
  ].join("\n");
}
