import { Command, CommanderError } from "commander";
import { printableLines } from "../report/index.ts";
import type { Exit } from "./exit.ts";
import { InputFault, printFault } from "./fault.ts";
import { toolCall } from "./tools/index.ts";
import { VERSION } from "./version.ts";

/** Declares a command, or several; `whole` is the command line with all of them. */
type Add = (ferrule: Command, exit: Exit, whole: () => Promise<Command>) => void;

/** The commands in the order of the help; the tools come with `shims`. Each is loaded when it is needed: a process runs one. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  show: async () => (await import("./commands/show.ts")).addShow,
  trace: async () => (await import("./commands/trace.ts")).addTrace,
  policy: async () => (await import("./commands/policy.ts")).addPolicy,
  replay: async () => (await import("./commands/replay.ts")).addReplay,
  query: async () => (await import("./commands/query.ts")).addQuery,
  test: async () => (await import("./commands/test.ts")).addTest,
  diff: async () => (await import("./commands/diff.ts")).addDiff,
  explain: async () => (await import("./commands/explain.ts")).addExplain,
  lint: async () => (await import("./commands/lint.ts")).addLint,
  optimize: async () => (await import("./commands/optimize.ts")).addOptimize,
  serve: async () => (await import("./commands/serve.ts")).addServe,
  shims: async () => (await import("./commands/tools.ts")).addTools,
  host: async () => (await import("./commands/host.ts")).addHost,
  extensions: async () => (await import("./commands/extensions.ts")).addExtensions,
  completion: async () => (await import("./commands/completion.ts")).addCompletion,
};

/** The command line with all its commands as commander knows it; completion and the manual page are made from it. */
export const program = (exit: Exit = { status: 0 }): Promise<Command> => programOf(Object.keys(COMMANDS), exit);

/** The command line with some of its commands. */
async function programOf(names: readonly string[], exit: Exit): Promise<Command> {
  const ferrule = new Command("ferrule")
    .description("netfilter/iptables in TypeScript: run, see and question a Linux firewall, without root")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .showSuggestionAfterError(true)
    .showHelpAfterError("(ferrule COMMAND --help shows how it is used)")
    .configureOutput({ outputError: (text, write) => write(printableLines(text.replace(/^error: /, "ferrule: "))) })
    .enablePositionalOptions()
    .exitOverride();
  for (const name of names) (await COMMANDS[name]?.())?.(ferrule, exit, program);
  return ferrule;
}

/** Runs the command line; answers its exit status: 2 for usage and input errors, else the command's own. */
export async function run(argv: readonly string[]): Promise<number> {
  const exit: Exit = { status: 0 };
  try {
    // The tools read their own words.
    const call = toolCall(undefined, argv);
    if (call) {
      const { runToolCall } = await import("./tools/run.ts");
      return await runToolCall(call);
    }
    const [name] = argv;
    if (name === undefined) {
      (await program(exit)).outputHelp();
      return 2;
    }
    const ferrule = await (Object.hasOwn(COMMANDS, name) ? programOf([name], exit) : program(exit));
    await ferrule.parseAsync(argv, { from: "user" });
    return exit.status;
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : 2;
    if (fault instanceof InputFault) {
      printFault(fault);
      return 2;
    }
    throw fault;
  }
}
