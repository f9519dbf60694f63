import { InvalidArgumentError, type Command } from "commander";
import { printable } from "../../report/index.ts";
import type { Exit } from "../exit.ts";
import { usageFault } from "../fault.ts";
import { hostOptions, rulesOptions } from "../input.ts";
import { reasonOf } from "../reason.ts";
import type { OpeningFlags, Running } from "../serve/index.ts";
import { webFolder } from "../web-folder.ts";

interface ServeFlags extends OpeningFlags {
  readonly root?: string;
  readonly port?: number;
  readonly ipv6?: boolean;
  readonly open?: boolean;
  readonly refresh: number;
  readonly json?: boolean;
}

/** The port that is tried first when none is named. */
const PORT = 7070;

/** `ferrule serve`: the workbench in a browser of this machine. */
export function addServe(ferrule: Command, _exit: Exit): void {
  const command = ferrule
    .command("serve")
    .description("open the workbench in a browser: see, edit, trace and question firewalls")
    .argument("[rules...]", "what to open: files, scripts, - for standard input, kernel: for the running rules");
  hostOptions(rulesOptions(command))
    .option("--root <dir>", "list the rulesets of this folder, and save them there")
    .option("--port <number>", `the port on 127.0.0.1 (${PORT}, or any that is free)`, readPort)
    .option("--ipv6", "listen on ::1 instead of 127.0.0.1")
    .option("--open", "open the page in the browser")
    .option("--refresh <seconds>", "read the counters of kernel: so often", readPeriod, 2)
    .option("--json", "print the address as JSON")
    .addHelpText("after", HELP)
    .action(serve);
}

const HELP = `
The page and everything in it run in the browser; nothing leaves this machine. Only programs that know the printed address, with its token,
may list, save or run anything (docs/serve.md). Ctrl-C ends it.

Examples:
  ferrule serve
  ferrule serve rules.v4 rules.v6 --host host.json
  ferrule serve firewall.sh --script-args start
  ferrule serve --root /etc/iptables --open
  sudo ferrule serve kernel: --refresh 1`;

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError("expected a port number");
  return port;
}

function readPeriod(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0.2 && seconds <= 3600)) throw new InvalidArgumentError("expected seconds, at least 0.2");
  return seconds;
}

async function serve(paths: readonly string[], flags: ServeFlags): Promise<void> {
  const page = webFolder();
  if (page === undefined) throw usageFault("serve", "the page is not built: npm run build makes it");
  // The web server is loaded for this command only.
  const { newToken, openingsOf, rootOf, startServer } = await import("../serve/index.ts");
  const root = flags.root === undefined ? undefined : await rootOf(flags.root);
  const openings = openingsOf(paths, flags, root);
  // What cannot be opened is told before anything is served.
  for (const opening of openings) for (const note of (await opening.read()).notes) console.error(printable(note));
  const token = newToken();
  const ports = flags.port === undefined ? [PORT, 0] : [flags.port];
  const address = flags.ipv6 === true ? "::1" : "127.0.0.1";
  let running: Running;
  try {
    running = await startServer({ page, root, openings, token, address, ports, period: flags.refresh * 1000 });
  } catch (fault) {
    throw usageFault("serve", `cannot listen on ${address}: ${reasonOf(fault)}`);
  }
  const url = `${running.url}#token=${token}`;
  const end = ended();
  // One line, so that a program that reads it need not wait for more.
  const said = flags.json === true ? JSON.stringify({ ferrule: "serve", version: 1, url, port: running.port }) : url;
  process.stdout.write(`${said}\n`);
  if (flags.open === true) {
    const { openBrowser } = await import("../open-browser.ts");
    await openBrowser(url);
  }
  await end;
  await running.close();
  // A script that still runs in its sandbox dies with this process, and is not waited for.
  process.exit(0);
}

/** Resolves when the program is to end, or its terminal is gone; told again, it ends at once. */
function ended(): Promise<void> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  return new Promise(resolve => {
    const end = (): void => {
      for (const signal of signals) process.off(signal, end);
      resolve();
    };
    for (const signal of signals) process.on(signal, end);
  });
}
