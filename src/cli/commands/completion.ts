import { Argument, type Command, type Option } from "commander";
import type { Exit } from "../program.ts";

/** `ferrule completion bash|zsh|fish`: prints a script made from the commands and options as they are declared. */
export function addCompletion(ferrule: Command, _exit: Exit): void {
  ferrule
    .command("completion")
    .description("print a completion script for your shell")
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      "\nExamples:\n  source <(ferrule completion bash)\n  ferrule completion zsh > ~/.zfunc/_ferrule\n  ferrule completion fish > ~/.config/fish/completions/ferrule.fish",
    )
    .action((shell: string) => console.log(SCRIPTS[shell as keyof typeof SCRIPTS](ferrule)));
}

const SCRIPTS: Readonly<Record<"bash" | "zsh" | "fish", (ferrule: Command) => string>> = { bash, zsh, fish };

const optionsOf = (command: Command): readonly Option[] => command.options.filter(option => !option.hidden);
const wordsOf = (command: Command): string[] =>
  [...optionsOf(command).flatMap(option => [option.long, option.short]), "--help"].filter(word => word !== undefined && word !== null);

function bash(ferrule: Command): string {
  const cases = ferrule.commands.map(command => `    ${command.name()}) words="${wordsOf(command).join(" ")}" ;;`);
  return `# ferrule completion for bash
_ferrule() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${ferrule.commands.map(command => command.name()).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="" ;;
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _ferrule ferrule`;
}

function zsh(ferrule: Command): string {
  const quote = (text: string): string => text.replace(/'/g, "'\\''").replace(/[[\]:]/g, "\\$&");
  const commands = ferrule.commands.map(command => `    '${command.name()}:${quote(command.description())}'`);
  const cases = ferrule.commands.map(
    command =>
      `    ${command.name()}) _arguments ${optionsOf(command)
        .map(option => `'${option.long}[${quote(option.description)}]${option.required ? ":value:_files" : ""}'`)
        .join(" ")} '*:file:_files' ;;`,
  );
  return `#compdef ferrule
_ferrule() {
  local -a commands
  commands=(
${commands.join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "$words[2]" in
${cases.join("\n")}
  esac
}
compdef _ferrule ferrule`;
}

function fish(ferrule: Command): string {
  const quote = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;
  const lines = ferrule.commands.flatMap(command => [
    `complete -c ferrule -n __fish_use_subcommand -a ${command.name()} -d ${quote(command.description())}`,
    ...optionsOf(command).map(
      option =>
        `complete -c ferrule -n '__fish_seen_subcommand_from ${command.name()}'${option.long ? ` -l ${option.long.slice(2)}` : ""}${option.short ? ` -s ${option.short.slice(1)}` : ""}${option.required ? " -r" : ""} -d ${quote(option.description)}`,
    ),
  ]);
  return ["# ferrule completion for fish", ...lines].join("\n");
}
