import { printable } from "../../report/index.ts";
import { emptyState, printSave, runTool, toolOf, type ToolState } from "../../syntax/index.ts";
import { shellWords } from "./shell-words.ts";
import type { TakenText } from "./taken.ts";

/** Texts of more commands than these are left to a shell. */
const COMMANDS_MAX = 10_000;

/** A prompt that was copied together with a command: `root@fw:~# `, `[root@fw etc]# `, `$ `. A bare `#` begins a comment. */
const PROMPT = /^(?:\[[\w.-]+@[\w.-]+ [^\]\s]{1,99}\]#|\[?[\w.-]+@[\w.-]+:[^\s#$]{0,99}[#$]|\$) +/;

/** Commands that change no rules, and end with their line. */
const BESIDE =
  /^(?:sudo +)?(?:\/[\w/]+\/)?(?:echo|modprobe|depmod|sysctl|service|systemctl|sleep|ip6?tables-save|netfilter-persistent)(?:[ \t][^;&|`(]*)?$/;

/** `$(which iptables)` */
const WHICH = /\$\((?:which|command -v) ([\w-]+)\)|`which ([\w-]+)`/g;

/** Where a command's output goes makes no difference to rules. */
const SILENCED = /(?:[ \t](?:[12]?>|&>) ?\/dev\/null|[ \t]2>&1){1,3}$/;

interface Command {
  readonly line: number;
  readonly name: string;
  readonly argv: readonly string[];
}

/**
 * What iptables, ip6tables and ipset commands make of an empty firewall. Undefined for a text that holds anything for which a shell is needed:
 * loops, conditions, functions, variables whose value is not plain.
 */
export function takeCommands(text: string): TakenText | undefined {
  const read = readCommands(text);
  if (read === undefined || read.commands.length === 0) return undefined;
  const { commands, beside } = read;
  const makesSets = commands.some(({ name }) => toolOf(name)?.kind === "sets");
  const empty = emptyState();
  // Without a command that makes sets, rules may name those that are there already.
  let state: ToolState = makesSets ? empty : { v4: empty.v4, v6: empty.v6 };
  const faults: string[] = [];
  for (const { line, name, argv } of commands) {
    const done = runTool(name, argv, "", state, { keepNames: true, now: 0 });
    state = done.state;
    if (done.status !== 0) faults.push(`line ${line}: ${printable(done.stderr.split("\n")[0] ?? "")}`);
  }
  const [first] = faults;
  if (faults.length === commands.length) return { refused: `none of its commands works: ${first ?? ""}` };
  const sets = makesSets ? runTool("ipset", ["save"], "", state, { now: 0 }).stdout : "";
  const { v4, v6 } = state;
  return {
    texts: {
      ...(v4.tables.size > 0 && { rules4: printSave(v4, { counters: false }) }),
      ...(v6.tables.size > 0 && { rules6: printSave(v6, { counters: false }) }),
      ...(sets !== "" && { sets }),
    },
    notes: [
      `${commands.length === 1 ? "1 command was" : `${commands.length} commands were`} run on an empty firewall: these are the rules that come of it.`,
      ...(faults.length > 0 ? [`${faults.length === 1 ? "1 failed" : `${faults.length} failed`}: ${first}`] : []),
      ...(beside.length > 0 ? [`Passed over, because they make no rules: ${linesText(beside)}.`] : []),
    ],
  };
}

function linesText(lines: readonly number[]): string {
  const shown = lines.slice(0, 5).join(", ");
  return `${lines.length === 1 ? "line" : "lines"} ${shown}${lines.length > 5 ? " …" : ""}`;
}

function readCommands(text: string): { readonly commands: readonly Command[]; readonly beside: readonly number[] } | undefined {
  const commands: Command[] = [];
  const beside: number[] = [];
  const variables = new Map<string, string>();
  let begun = "";
  for (const [index, written] of text.split("\n").entries()) {
    if (written.endsWith("\\")) {
      begun += written.slice(0, -1);
      continue;
    }
    const line = (begun + written).trim().replace(PROMPT, "").replace(SILENCED, "").replaceAll(WHICH, "$1$2");
    begun = "";
    if (/^exit(?: \d+)?$/.test(line)) break;
    if (line === "" || line.startsWith("#") || line === "set -e") continue;
    if (BESIDE.test(line)) {
      beside.push(index + 1);
      continue;
    }
    const words = shellWords(line, variables);
    if (words === undefined || commands.length >= COMMANDS_MAX) return undefined;
    const [name = "", ...argv] = words[0] === "sudo" || words[0] === "export" ? words.slice(1) : words;
    const assigned = /^([A-Za-z_]\w*)=(.*)$/.exec(name);
    if (assigned && argv.length === 0) variables.set(assigned[1] ?? "", assigned[2] ?? "");
    else if (/^(?:tables|sets)$/.test(toolOf(name)?.kind ?? "")) commands.push({ line: index + 1, name, argv });
    else return undefined;
  }
  return begun === "" ? { commands, beside } : undefined;
}
