/** Lists of iptables commands from other projects: each command's exit status, and the ruleset they make in the end. */
import { emptyRuleset, type Ruleset } from "../../src/ruleset/index.ts";
import { applyCommand, defaultNames, emptyState, printSave, printSpecs, runTool, type ToolState } from "../../src/syntax/index.ts";
import type { NameTables, TableName } from "../../src/xtables/index.ts";
import { jsonLines } from "./json-lines.ts";
import { textDifference } from "./save.ts";
import type { SuiteResult } from "./suite.ts";

type Argv = readonly string[];
interface List {
  readonly id: string;
  readonly fam: 4 | 6;
  readonly variant: "legacy" | "nft";
  readonly src: string;
  readonly cmds?: readonly Argv[];
  readonly results: readonly (
    | 0
    | readonly [number, string]
    | { readonly cmd: Argv; readonly rc: number; readonly err: string; readonly saved: readonly string[] | "" }
  )[];
  readonly save?: string;
}

export const name = "cmds";

export async function run(dir: string): Promise<SuiteResult> {
  const outOfReach = new Map<string, number>();
  const disagreements: { id: string; expected: string; got: string }[] = [];
  let total = 0;
  let agreed = 0;
  for (const list of jsonLines<List>(`${dir}/expected/cmds.jsonl.gz`)) {
    const tool = `${list.fam === 4 ? "iptables" : "ip6tables"}-${list.variant}`;
    const start = withSets(emptyState(), list);
    let state = stateOf(list.src === "libvirt" ? emptyRuleset(list.fam) : withForeignChains(emptyRuleset(list.fam), list), start);
    let beyond = false;
    for (const [i, result] of list.results.entries()) {
      const single = typeof result === "object" && "cmd" in result;
      const argv = single ? result.cmd : (list.cmds?.[i] ?? []);
      const [rc, err] = result === 0 ? [0, ""] : single ? [result.rc, result.err] : result;
      if (single) state = stateOf(withChains(emptyRuleset(list.fam), argv, result.saved || []), start);
      // libvirt's lists begin with the chains that libvirt has made before.
      else if (list.src === "libvirt" && rc === 0) state = stateOf(withChains(rulesOf(state, list.fam), argv, [argv.join(" ")]), state);
      const done = runTool(tool, argv, "", state, { names: NAMES });
      if (done.unsupported !== undefined) {
        beyond = true;
        outOfReach.set(done.unsupported, (outOfReach.get(done.unsupported) ?? 0) + 1);
        continue;
      }
      total++;
      const id = `${list.src} ${list.id} ${list.fam} ${list.variant} ${argv.join(" ")}`;
      const [expected, got] = [`status ${rc} ${said(err)}`, `status ${done.status} ${said(done.stderr)}`];
      if (expected !== got) disagreements.push({ id, expected, got });
      else agreed++;
      ({ state } = done);
      if (single && rc === 0 && done.status === 0) {
        const table = rulesOf(state, list.fam).tables.get(tableOf(argv));
        const saved = table
          ? printSpecs(table)
              .split("\n")
              .filter(line => /^-[AI]/.test(line))
              .join("\n")
          : "";
        const wanted = (result.saved || []).join("\n");
        if (saved !== wanted) disagreements.push({ id, expected: wanted, got: saved });
      }
    }
    if (list.save === undefined || beyond) continue;
    total++;
    const difference = textDifference(list.save, printSave(rulesOf(state, list.fam)));
    if (difference) disagreements.push({ id: `${list.src} ${list.id} ${list.fam} ${list.variant}, the ruleset`, ...difference });
    else agreed++;
  }
  return { name, agreed, total, outOfReach, disagreements };
}

/** The measurement's machine had no control groups. */
const NAMES: NameTables = { ...defaultNames, controlGroup: () => false };

/** What was said, as the measurement kept it: without blank space at the ends, cut after some characters, and without a file that it missed. */
export const said = (stderr: string): string =>
  stderr
    .replaceAll(/^Warning: cannot open \/etc\/xtables\/.*\n/gm, "")
    .trim()
    .slice(0, MOST_KEPT);
const MOST_KEPT = 200;

const rulesOf = ({ v4, v6 }: ToolState, family: 4 | 6): Ruleset => (family === 4 ? v4 : v6);
const stateOf = (ruleset: Ruleset, before: ToolState): ToolState =>
  ruleset.family === 4 ? { ...before, v4: ruleset } : { ...before, v6: ruleset };

function tableOf(argv: Argv): TableName {
  const at = Math.max(argv.indexOf("-t"), argv.indexOf("--table"));
  return (at < 0 ? "filter" : argv[at + 1]) as TableName;
}

/** The ipsets that the measurement made beforehand: those that some command found. */
function withSets(state: ToolState, { fam, cmds = [], results }: List): ToolState {
  for (const [i, result] of results.entries()) {
    const single = typeof result === "object" && "cmd" in result;
    const argv = single ? result.cmd : (cmds[i] ?? []);
    const told = result === 0 ? "" : single ? result.err : result[1];
    if (told.includes("doesn't exist")) continue;
    for (const [at, word] of argv.entries()) {
      if (!/^--(match-set|set|(add|del|map)-set)$/.test(word) || !/^(src|dst)/.test(argv[at + 2] ?? "")) continue;
      const type = argv[at + 2]?.includes(",") ? "hash:ip,port" : "hash:ip";
      runTool("ipset", ["create", argv[at + 1] ?? "", type, "family", fam === 4 ? "inet" : "inet6"], "", state);
    }
  }
  return state;
}

/** The user chains that the measurement made beforehand for a single command: the one it adds to, and those its saved rule leads to. */
function withChains(ruleset: Ruleset, argv: Argv, saved: readonly string[]): Ruleset {
  const at = Math.max(argv.indexOf("-t"), argv.indexOf("--table"));
  const table = at < 0 ? [] : ["-t", argv[at + 1] ?? ""];
  const names = [
    argv[argv.findIndex(word => /^(-[AIDRCFXZE]|--append|--insert|--delete|--flush|--delete-chain|--rename-chain)$/.test(word)) + 1] ?? "",
    ...saved.map(line => / (?:-[jg]|--jump|--goto) (\S+)$/.exec(line)?.[1] ?? ""),
  ];
  // A name that cannot be a new chain, such as a built-in one or a target's, is refused and changes nothing.
  return names.filter(chain => chain !== "").reduce((made, chain) => applyCommand(made, [...table, "-N", chain]).ruleset, ruleset);
}

/** The user chains of the final ruleset that no command of the list makes: the measurement made them, as for ferm's TARPIT. */
function withForeignChains(ruleset: Ruleset, { cmds = [], save = "" }: List): Ruleset {
  const made = new Set(
    cmds.flatMap(argv =>
      argv.filter(
        (_, i) => /^(-N|-E|--new-chain|--rename-chain|--new)$/.test(argv[i - 1] ?? "") || /^(-E|--rename-chain)$/.test(argv[i - 2] ?? ""),
      ),
    ),
  );
  let table = "filter";
  let result = ruleset;
  for (const line of save.split("\n")) {
    if (line.startsWith("*")) table = line.slice(1);
    const chain = /^:(\S+) - /.exec(line)?.[1];
    if (chain !== undefined && !made.has(chain)) result = applyCommand(result, ["-t", table, "-N", chain]).ruleset;
  }
  return result;
}
