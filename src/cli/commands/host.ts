import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Command } from "commander";
import { CAPTURE_COMMANDS, hostFromCapture, printHost, summarizeHost, type Capture } from "../../host/index.ts";
import { InputFault, usageFault } from "../fault.ts";
import type { Exit } from "../exit.ts";

const run = promisify(execFile);

/** `ferrule host`: this machine, as the other commands' --host takes it. */
export function addHost(ferrule: Command, _exit: Exit): void {
  ferrule
    .command("host")
    .description("capture this machine's interfaces, addresses, routes and sysctls for --host")
    .option("--summary", "a few lines for people instead of JSON")
    .option("--json", "JSON, the default (docs/json.md)")
    .addHelpText(
      "after",
      "\nExamples:\n  ferrule host > host.json\n  ferrule trace rules.v4 --host host.json 'tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0'",
    )
    .action(async (options: { summary?: boolean }) => {
      const { value, faults } = hostFromCapture(await capture());
      if (value === undefined) throw new InputFault(faults);
      process.stdout.write(options.summary ? summarizeHost(value) : printHost(value));
    });
}

/** What the commands print. Without ip there is nothing to capture; what only some kernels have may fail. */
async function capture(): Promise<Capture> {
  const printed: { -readonly [Part in keyof Capture]: Capture[Part] } = {};
  for (const [part, command] of Object.entries(CAPTURE_COMMANDS) as [keyof typeof CAPTURE_COMMANDS, readonly string[]][]) {
    const [program = "", ...args] = command;
    try {
      printed[part] = (
        await run(program, args, { maxBuffer: 1 << 28, env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` } })
      ).stdout;
    } catch (fault) {
      const reason = (fault as Error).message.split("\n")[0] ?? "";
      if (part === "addresses")
        throw usageFault("host", `cannot run "${command.join(" ")}": ${reason}. Install iproute2, or write the host file by hand`);
      console.error(`host: "${command.join(" ")}" failed and is left out: ${reason}`);
    }
  }
  return printed;
}
