import { Command, CommanderError } from "commander";
import { addCompletion } from "./commands/completion.ts";
import { addDiff } from "./commands/diff.ts";
import { addExplain } from "./commands/explain.ts";
import { addExtensions } from "./commands/extensions.ts";
import { addHost } from "./commands/host.ts";
import { addLint } from "./commands/lint.ts";
import { addOptimize } from "./commands/optimize.ts";
import { addPolicy } from "./commands/policy.ts";
import { addQuery } from "./commands/query.ts";
import { addReplay } from "./commands/replay.ts";
import { addServe } from "./commands/serve.ts";
import { addShow } from "./commands/show.ts";
import { addTest } from "./commands/test.ts";
import { addTools } from "./commands/tools.ts";
import { addTrace } from "./commands/trace.ts";
import { printableLines } from "../report/index.ts";
import type { Exit } from "./exit.ts";
import { InputFault, printFault } from "./fault.ts";
import { toolCall } from "./tools/index.ts";
import { VERSION } from "./version.ts";

/** The whole command line as commander knows it; completion and the manual page are made from it. */
export function program(exit: Exit = { status: 0 }): Command {
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
  for (const add of [
    addShow,
    addTrace,
    addPolicy,
    addReplay,
    addQuery,
    addTest,
    addDiff,
    addExplain,
    addLint,
    addOptimize,
    addServe,
    addTools,
    addHost,
    addExtensions,
    addCompletion,
  ])
    add(ferrule, exit);
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
    if (argv.length === 0) {
      program(exit).outputHelp();
      return 2;
    }
    await program(exit).parseAsync(argv, { from: "user" });
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
