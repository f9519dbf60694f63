/** Lists of iptables commands from other projects: each command's exit status, and the ruleset they make in the end. */
import { emptyRuleset, type Ruleset } from "../../src/ruleset/index.ts";
import { applyCommand, printSave, printSpecs } from "../../src/syntax/index.ts";
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
    let ruleset = withForeignChains(emptyRuleset(list.fam), list);
    let beyond = false;
    for (const [i, result] of list.results.entries()) {
      const single = typeof result === "object" && "cmd" in result;
      const argv = single ? result.cmd : (list.cmds?.[i] ?? []);
      const [rc, err] = result === 0 ? [0, ""] : single ? [result.rc, result.err] : result;
      if (single) ruleset = withChains(emptyRuleset(list.fam), argv, result.saved || []);
      // libvirt's lists begin with the chains that libvirt has made before.
      else if (list.src === "libvirt" && rc === 0) ruleset = withChains(ruleset, argv, [argv.join(" ")]);
      const done = applyCommand(ruleset, argv, { variant: list.variant });
      if (done.unsupported !== undefined) {
        beyond = true;
        outOfReach.set(done.unsupported, (outOfReach.get(done.unsupported) ?? 0) + 1);
        continue;
      }
      total++;
      const id = `${list.src} ${list.id} ${list.fam} ${list.variant} ${argv.join(" ")}`;
      if (done.status !== rc) disagreements.push({ id, expected: `status ${rc} ${err}`, got: `status ${done.status} ${done.error}` });
      else agreed++;
      ruleset = done.ruleset;
      if (single && rc === 0 && done.status === 0) {
        const table = done.ruleset.tables.get(done.table);
        const saved = table
          ? printSpecs(table)
              .split("\n")
              .filter(line => /^-[AI]/.test(line))
              .join("\n")
          : "";
        const expected = (result.saved || []).join("\n");
        if (saved !== expected) disagreements.push({ id, expected, got: saved });
      }
    }
    if (list.save === undefined || beyond) continue;
    total++;
    const difference = textDifference(list.save, printSave(ruleset));
    if (difference) disagreements.push({ id: `${list.src} ${list.id} ${list.fam} ${list.variant}, the ruleset`, ...difference });
    else agreed++;
  }
  return { name, agreed, total, outOfReach, disagreements };
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
