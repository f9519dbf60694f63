import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Host } from "../../host/index.ts";
import { printable } from "../../report/index.ts";
import type { Position } from "../../ruleset/index.ts";
import type { Variant } from "../../syntax/index.ts";
import { usageFault } from "../fault.ts";
import type { HostNames } from "../host-names.ts";
import { machineNames } from "../machine-names.ts";
import { LIMITS } from "./limits.ts";
import { NoScript, runScript, StoppedScript, type Script, type ScriptRun } from "./run.ts";
import { NoSandbox } from "./job.ts";
import { transcriptLines } from "./transcript.ts";

/** What the command line says of scripts. */
export interface ScriptFlags {
  readonly scriptArgs?: readonly string[];
  /** Seconds. */
  readonly scriptTime?: number;
  readonly legacy?: boolean;
}

/** Folders that a sandbox has of its own, or that hold more than a script's files: of those only the script itself is shown to it. */
const WIDE = new Set(["/", "/tmp", "/run", "/var/tmp", "/var/log", "/var/run", "/dev/shm", "/home", "/mnt", "/media"]);

/**
 * Runs the script in a file, or `text` from standard input. What it says goes to stderr, each line with the place that it comes from; a
 * script that cannot run, or that had to be stopped, is an InputFault.
 */
export async function loadScript(
  path: string,
  text: string,
  flags: ScriptFlags,
  hosts: HostNames,
  host: Host | undefined,
): Promise<ScriptRun> {
  const name = path === "-" ? "<stdin>" : path;
  const script: Script = { name, text, place: path === "-" ? undefined : placeOf(path), args: flags.scriptArgs ?? [] };
  const run = (args: readonly string[]): Promise<ScriptRun> => runSafely({ ...script, args }, flags, hosts, host);
  let done = await run(script.args);
  if (flags.scriptArgs === undefined && isEmpty(done) && wantsStart(text)) {
    const started = await run(["start"]);
    if (!isEmpty(started)) {
      console.error(`${printable(name)}: it makes no rules by itself and was run as \`${basename(printable(name))} start' (--script-args)`);
      done = started;
    }
  }
  tell(done, name);
  return done;
}

const isEmpty = ({ v4, v6 }: ScriptRun): boolean => v4 === undefined && v6 === undefined;

/** Does it look at its first argument, and know the word `start`? */
const wantsStart = (text: string): boolean => /\$\{?[1@*]|\$#/.test(text) && /\bstart\b/.test(text);

/** Undefined for what is no file of its own: a pipe, a descriptor. */
function placeOf(path: string): Script["place"] {
  try {
    const whole = realpathSync(path);
    const folder = dirname(whole);
    if (!statSync(whole).isFile() || /^\/(?:dev|proc|sys)\/(?!shm\/)/.test(whole)) return undefined;
    return { folder: WIDE.has(folder) ? undefined : folder, path: whole };
  } catch {
    return undefined;
  }
}

async function runSafely(
  script: Script,
  { scriptTime, legacy }: ScriptFlags,
  hosts: HostNames,
  host: Host | undefined,
): Promise<ScriptRun> {
  const variant: Variant = legacy ? "legacy" : "nft";
  const limits = scriptTime === undefined ? LIMITS : { ...LIMITS, wall: scriptTime, cpu: (scriptTime * LIMITS.cpu) / LIMITS.wall };
  try {
    return await runScript(script, { limits, host, tools: { variant, hosts, names: machineNames() } });
  } catch (fault) {
    if (fault instanceof NoScript) throw usageFault(script.name, fault.message);
    if (fault instanceof StoppedScript) {
      for (const line of transcriptLines(fault.transcript, script.name, call => placeText(fault.place(call)))) console.error(line);
      throw usageFault(script.name, `the script was stopped: ${fault.message}`);
    }
    if (fault instanceof NoSandbox)
      throw usageFault(
        script.name,
        `a script runs only in namespaces of its own, and this machine gives none: ${fault.message}${hint()}. Run it where it may change rules, and give what iptables-save then prints`,
      );
    throw fault;
  }
}

/** Settings by which distributions keep ordinary users from making namespaces, and the value that does. */
const FORBIDDING = {
  "kernel/unprivileged_userns_clone": "0",
  "kernel/apparmor_restrict_unprivileged_userns": "1",
  "user/max_user_namespaces": "0",
};

function hint(): string {
  const found = Object.entries(FORBIDDING).filter(([name, value]) => settingOf(name) === value);
  return found.length === 0 ? "" : ` (${found.map(([name, value]) => `${name.replaceAll("/", ".")} is ${value}`).join(", ")})`;
}

function settingOf(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, "utf8").trim();
  } catch {
    return undefined;
  }
}

const placeText = ({ file, line }: Position): string => (line === 0 ? file : `${file}:${line}`);

/** What the script and its tools said, and how it ended. */
function tell({ transcript, place, status, calls }: ScriptRun, name: string): void {
  for (const line of transcriptLines(transcript, name, call => placeText(place(call)))) console.error(line);
  if (calls === 0) console.error(`${printable(name)}: it called no tool of netfilter`);
  if (status !== 0) console.error(`${printable(name)}: it ended with status ${status}`);
}
