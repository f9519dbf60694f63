import type { Position } from "../../ruleset/index.ts";
import { runTool, type ToolState, type Variant } from "../../syntax/index.ts";
import type { NameTables } from "../../xtables/index.ts";
import type { HostNames } from "../host-names.ts";
import type { Reply, Request } from "./queue.ts";
import { REFUSED } from "./shims.ts";

/** How the tools of a script are to behave. */
export interface ToolSettings {
  /** What a plain `iptables` is. */
  readonly variant: Variant;
  readonly hosts: HostNames;
  /** Users, groups and services. */
  readonly names: NameTables;
}

/** What a call did. `missing` says that the rules lack something which the script asked for and Ferrule cannot do. */
export interface Answer {
  readonly state: ToolState;
  readonly reply: Reply;
  readonly missing: boolean;
}

/** Runs one tool; `at` is where the rules that it makes come from. */
export async function runRequest(request: Request, state: ToolState, settings: ToolSettings, at: Position): Promise<Answer> {
  const answer = runNow(request, state, settings, at);
  // A name that nobody knew may be known now; a call with such a name has changed nothing.
  return (await settings.hosts.learn()) ? runNow(request, state, settings, at) : answer;
}

/** `Sat Nov 21 13:40:00 2026` */
function ctime(now: Date): string {
  const [weekday, month, day = "", year, time] = now.toString().split(" ");
  return `${weekday} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
}

function runNow({ name, argv, stdin, file }: Request, state: ToolState, { variant, hosts, names }: ToolSettings, at: Position): Answer {
  if (REFUSED.includes(name)) {
    const stderr = `${name}: its rules are none of iptables', and Ferrule does not run them\n`;
    return { state, reply: { status: 1, stdout: "", stderr }, missing: true };
  }
  const { keepNames, resolve } = hosts;
  const read = (): { readonly text: string } | { readonly reason: string } =>
    file === undefined ? { reason: "No such file or directory" } : { text: file };
  const done = runTool(name, argv, stdin, state, {
    variant,
    keepNames,
    resolve,
    names,
    at,
    read,
    now: Date.now() * 1000,
    date: ctime(new Date()),
  });
  const { status, stdout, stderr, write } = done;
  return {
    state: done.state,
    reply: write ? { status, stdout: write.text, stderr, into: write.path } : { status, stdout, stderr },
    missing: done.unsupported !== undefined,
  };
}
